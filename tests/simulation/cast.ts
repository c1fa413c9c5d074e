// Who takes part in a schedule: accounts with their budgets, and the messages that clients wish to send.
import { createAccount } from '../../server/features/accounts/index.ts';
import { newUuid, toId } from '../../server/kit/ids.ts';
import { sql } from '../../server/kit/sql.ts';
import type { Random } from '../faults/random.ts';
import type { Account, Mood, Wish } from './played.ts';
import type { Stage } from './stage.ts';
import type { World } from './world.ts';

/** The channel of all accounts. */
export const served = 'sandbox';
export const people = ['+33612000001', '+33612000002', '+33612000003'];

/** Makes the accounts of a schedule in the database. */
export async function makeAccounts(
  random: Random,
  world: World,
  stage: Stage,
  { calm, halting, doubting }: Mood,
): Promise<Account[]> {
  const accounts: Account[] = [];
  for (let place = calm || halting ? 1 : random.whole(1, 2); place > 0; place--) {
    const rate = halting
      ? random.pick([
          { messages: 1, seconds: 20 },
          { messages: 4, seconds: 1 },
        ])
      : { messages: calm && random.chance(0.5) ? 1 : random.whole(1, 4), seconds: random.pick([1, 5, 20]) };
    const recipient = !calm && random.chance(0.3) ? { burst: random.whole(1, 2), seconds: random.pick([2, 6]) } : null;
    const perDay = random.chance(0.2) ? random.whole(2, 4) : null;
    const onUnknown = halting || doubting ? 'retry' : random.weighted({ hold: 3, retry: 1, fail: 1 });
    // Ids begin with the millisecond, and the second account is to come after the first in every order.
    for (const before = Date.now(); accounts.length > 0 && Date.now() === before; ) await world.settled();
    const uuid = await createAccount(world.database, stage.workspaceId, {
      name: `Account of ${place}`,
      channel: served,
      limits: {
        rate,
        recipient,
        per_day: perDay,
        jitter_ms: random.chance(0.2) ? 500 : 0,
        concurrency: calm ? 4 : random.whole(1, 4),
        on_limit: random.pick(['hold', 'refuse'] as const),
      },
      delivery: {
        on_unknown: onUnknown,
        unknown_window_seconds: halting || doubting ? 10 : random.pick([10, 60]),
        retry: { attempts: 3, delay_ms: 2_000 },
      },
    });
    const [row] = await world.database.query<{ phone_number_id: string }>(
      sql`select phone_number_id from account where id = ${uuid}`,
    );
    accounts.push({
      id: toId('account', uuid),
      numberId: row?.phone_number_id ?? '',
      rate,
      recipient,
      perDay,
      onUnknown,
    });
  }
  return accounts;
}

let keys = 0;

/** Draws a message that a client will ask to send. */
export function drawWish(random: Random, accounts: Account[], calm: boolean, now: number): Wish {
  const account = random.pick(accounts);
  const onUnknown = random.chance(0.2) ? random.pick(['hold', 'retry', 'fail'] as const) : undefined;
  return {
    key: `key ${++keys} ${newUuid()}`,
    account,
    body: {
      account_id: account.id,
      to: random.pick(people),
      type: 'text',
      text: { body: 'hello' },
      priority: random.weighted({ high: 1, normal: 3, low: 1 }),
      ...(onUnknown && { on_unknown: onUnknown }),
      ...(!calm && random.chance(0.1) && { send_at: new Date(now + random.whole(1, 120) * 1_000).toISOString() }),
      ...(!calm && random.chance(0.15) && { valid_for_s: random.whole(10, 120) }),
    },
    onUnknown: onUnknown ?? account.onUnknown,
    id: undefined,
    refused: undefined,
    at: undefined,
    cancelled: false,
  };
}
