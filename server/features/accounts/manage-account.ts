// Creating, changing, reconnecting and deleting accounts.

import type { createAccountBody, updateAccountBody } from '@recado/contract';
import type { z } from 'zod';
import type { Database, Queryable } from '../../kit/db.ts';
import { newUuid } from '../../kit/ids.ts';
import { createLane, releaseLane } from '../../lanes/store.ts';
import { presets, sandboxNumber } from './account.ts';
import { refuse } from './errors.ts';
import * as store from './store.ts';

export interface AccountNeeds {
  db: Database;
  wake: (kind: string, key: string) => void;
  /** What happens to the messages of an account that is deleted; in the same transaction. */
  cancelQueued: (tx: Queryable, accountId: string) => Promise<void>;
}

/** Makes an account with its lanes and gives its id. */
export async function createAccount(
  tx: Queryable,
  workspaceId: string,
  body: z.infer<typeof createAccountBody>,
): Promise<string> {
  const preset = presets[body.channel];
  const limits = {
    rate: body.limits?.rate ?? preset.rate,
    per_day: body.limits?.per_day === undefined ? preset.per_day : body.limits.per_day,
  };
  const id = newUuid();
  const account = {
    id,
    workspaceId,
    name: body.name,
    channel: body.channel,
    timeZone: body.time_zone ?? 'UTC',
    limits,
  };
  // The numbers are drawn by lot from millions; a few draws always find a free one.
  for (let draw = 0; draw < 20; draw++) {
    if (!(await store.insertAccount(tx, { ...account, ...sandboxNumber() }))) continue;
    for (const kind of ['send', 'receive', 'read']) await createLane(tx, kind, id);
    return id;
  }
  throw new Error('no free Sandbox number was found');
}

/** Changes name, time zone or limits. A lane that waits for its pace or its day looks again with the new ones. */
export async function updateAccount(
  needs: AccountNeeds,
  workspaceId: string,
  id: string,
  body: z.infer<typeof updateAccountBody>,
): Promise<void> {
  const change = { name: body.name, timeZone: body.time_zone, rate: body.limits?.rate, perDay: body.limits?.per_day };
  await needs.db.transaction(async tx => {
    if (!(await store.updateAccount(tx, workspaceId, id, change))) throw refuse('account_not_found');
    await releaseLane(tx, 'send', id, ['pace', 'daily_limit']);
  });
  needs.wake('send', id);
}

/** Tries an account that needs attention again, now. */
export async function reconnectAccount(needs: AccountNeeds, workspaceId: string, id: string): Promise<void> {
  await needs.db.transaction(async tx => {
    await releaseLane(tx, 'send', id, ['account', 'throttled']);
    await store.reconnectAccount(tx, workspaceId, id);
  });
  needs.wake('send', id);
}

/** Deletes an account. What it had queued is cancelled; what was sent and received stays readable. */
export async function deleteAccount(needs: AccountNeeds, workspaceId: string, id: string): Promise<void> {
  await needs.db.transaction(async tx => {
    if (!(await store.deleteAccount(tx, workspaceId, id))) throw refuse('account_not_found');
    await needs.cancelQueued(tx, id);
  });
}
