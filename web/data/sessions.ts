// Where the person is logged in, and what protects it.
import type { ChangeMyPasswordBody } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery } from './list.ts';

const sessionKeys = {
  all: ['sessions'] as const,
  mine: ['sessions', 'mine'] as const,
  secondFactor: ['second factor'] as const,
};

export const sessionsQuery = listQuery(sessionKeys.mine, (query, options) => recado.me.listSessions(query, options));

export const endSession = change(
  (id: string) => recado.me.endSession(id),
  () => [sessionKeys.all],
);

/** Ends all other sessions of the person. */
export const endOtherSessions = change(
  () => recado.me.endOtherSessions(),
  () => [sessionKeys.all],
);

/** The sessions of all people in the workspace, or of one. */
export const workspaceSessionsQuery = (personId: string | undefined) =>
  listQuery([...sessionKeys.all, 'workspace', personId], (query, options) =>
    recado.sessions.list({ ...query, ...(personId !== undefined && { person_id: personId }) }, options),
  );

export const endWorkspaceSession = change(
  (id: string) => recado.sessions.end(id),
  () => [sessionKeys.all],
);

/** Ends all other sessions. */
export const changePassword = change(
  (body: ChangeMyPasswordBody) => recado.me.changePassword(body),
  () => [sessionKeys.all],
);

export const secondFactorQuery = queryOptions({
  queryKey: sessionKeys.secondFactor,
  queryFn: ({ signal }) => recado.me.getSecondFactor({ signal }),
});
