// The demo data of the workspace.
import type { Demo } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { accountKeys } from './accounts.ts';
import { contactKeys } from './contacts.ts';
import { conversationKeys } from './conversation-keys.ts';
import { queueKeys } from './queue.ts';

export type { Demo };

const demoKey = ['demo'] as const;

/** Whether there is demo data. */
export const demoQuery = queryOptions({
  queryKey: demoKey,
  queryFn: ({ signal }) => recado.demo.get({ signal }),
});

const shown = () => [demoKey, accountKeys.all, contactKeys.all, conversationKeys.all, queueKeys.all];

export const createDemo = change(() => recado.demo.create(), shown);

/** Its people are erased one after the other. */
const removalMs = 120_000;

export const deleteDemo = change(() => recado.demo.delete({}, { timeout: removalMs }), shown);
