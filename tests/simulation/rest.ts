// Whether a schedule is at rest, and what is still under way or open where it is not.
import { sql } from '../../server/kit/db/sql.ts';
import type { Account, Campaign, Played } from './played.ts';
import { isLeft, uuidsOf } from './rows.ts';
import type { World } from './world.ts';

/** What the send lane gives itself for a call of 15 s. */
export const leaseMs = 25_000;

/** Campaigns whose lane has something to do. */
const openCampaigns = (campaigns: Campaign[]) =>
  sql`k.id = any (${campaigns.map(({ id }) => id)}::uuid[]) and (k.state in ('scheduled', 'preparing', 'running')
    or k.unapplied or k.step_at is not null)`;

/** Of an unknown message `m` of an account `a`: it waits for its grace period, which counts only while receipts come. */
export const isSettling = (world: World) => sql`(m.resolve_by is not null
  and (m.resolve_by > ${new Date(world.now())} or heard_since(a, m) is true))`;

const openMessages = (world: World, accounts: Account[]) =>
  sql`m.account_id = any (${uuidsOf(accounts)}) and not ${isLeft} and (m.state in ('scheduled', 'queued', 'held', 'sending')
    or (m.state = 'unknown' and ${isSettling(world)}))`;

/** Whether nothing is left to happen. */
export async function atRest(world: World, { accounts, campaigns }: Played): Promise<boolean> {
  const [row] = await world.database.query<{ open: boolean }>(sql`
    select exists (select 1 from open_message m join account a on a.id = m.account_id where ${openMessages(world, accounts)})
      or exists (select 1 from campaign k where ${openCampaigns(campaigns)})
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
export async function openWork(world: World, { accounts, campaigns }: Played): Promise<string> {
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
  const stuck = await world.database.query<{ words: string }>(sql`
    select concat_ws(' ', k.state, k.reason ->> 'code', case when k.unapplied then 'unapplied' end, 'with',
      (select count(*) from campaign_recipient r where r.campaign_id = k.id and r.state = 'pending'), 'pending, step at', k.step_at) as words
    from campaign k where ${openCampaigns(campaigns)} order by k.id`);
  const words = stuck.map(row => `; a campaign is ${row.words}`).join('');
  return `${rows.map(row => `${row.status} (${row.wait_reason ?? row.held_reason ?? 'no reason'})`).join(', ')}; payloads ${payloads?.n}${words}`;
}
