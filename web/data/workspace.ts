// The settings of the workspace, what a retention would delete, and the test mail.
import type { UpdateWorkspaceBody } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { meQuery } from './me.ts';
import { workspaceKeys } from './workspaces.ts';

export const workspaceQuery = queryOptions({
  queryKey: workspaceKeys.itself,
  queryFn: ({ signal }) => recado.workspace.get({ signal }),
});

/** The navigation names it too. */
export const updateWorkspace = change(
  (body: UpdateWorkspaceBody) => recado.workspace.update(body),
  () => [workspaceKeys.itself, workspaceKeys.all, meQuery.queryKey],
);

/** What so many days would delete now. Null keeps all. */
export const retentionQuery = (messages: number | null, media: number | null) =>
  queryOptions({
    queryKey: [...workspaceKeys.itself, 'retention', messages, media],
    queryFn: ({ signal }) =>
      recado.workspace.previewRetention(
        { ...(messages !== null && { messages_days: messages }), ...(media !== null && { media_days: media }) },
        { signal },
      ),
    meta: { costly: true },
  });

export const sendTestMail = () => recado.me.sendTestMail();
