// Whether a schedule is at rest, and what is still under way or open where it is not.
import { sql } from '../../server/kit/db/sql.ts';
import type { Account, Played } from './played.ts';
import { uuidsOf } from './rows.ts';
import type { World } from './world.ts';

/** What the send lane gives itself for a call of 15 s. */
export const leaseMs = 25_000;

const openMessages = (world: World, accounts: Account[]) =>
  sql`m.account_id = any (${uuidsOf(accounts)}) and (m.state in ('scheduled', 'queued', 'held', 'sending')
    -- An unknown outcome waits for its grace period, which counts only while receipts come at all.
    or (m.state = 'unknown' and m.resolve_by is not null
      and (m.resolve_by > ${new Date(world.now())} or heard_since(a, m))))`;

/** Whether nothing is left to happen. */
export async function atRest(world: World, { accounts }: Played): Promise<boolean> {
  const [row] = await world.database.query<{ open: boolean }>(sql`
    select exists (select 1 from open_message m join account a on a.id = m.account_id where ${openMessages(world, accounts)})
      or exists (select 1 from inbound_payload where processed_at is null) as open`);
  return row?.open === false;
}

/** How many calls a process of this name has begun and not ended, though their lease is not over. */
export async function openCallsOf(world: World, accounts: Account[], name: string): Promise<number> {
  const [row] = await world.database.query<{ n: number }>(sql`select count(*)::int as n from open_message
    where account_id = any (${uuidsOf(accounts)}) and runner = ${name} and state = 'sending'
      and started_at > ${new Date(world.now() - leaseMs)}`);
  return row?.n ?? 0;
}

/** What is still open, in words. */
export async function openWork(world: World, { accounts }: Played): Promise<string> {
  const rows = await world.database.query<{
    status: string;
    wait_reason: string | null;
    held_reason: string | null;
  }>(sql`
    select m.state as status, m.wait_reason, l.held_reason from open_message m join account a on a.id = m.account_id
    join lane l on l.account_id = a.id where ${openMessages(world, accounts)}`);
  const [payloads] = await world.database.query<{ n: number }>(
    sql`select count(*) as n from inbound_payload where processed_at is null`,
  );
  return `${rows.map(row => `${row.status} (${row.wait_reason ?? row.held_reason ?? 'no reason'})`).join(', ')}; payloads ${payloads?.n}`;
}
