// What budgets have put off, and making it due again.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** What budgets of an account have put off and is to be made due. */
export interface PutOff {
  budgets: ('new_conversations' | 'recipient_budget')[];
  /** How many people more have a place in the budget of new conversations; what is left of the day where it is not given. */
  places?: number;
  /** How many messages are still to be made due that wait for their recipients; all that do where it is not given. */
  recipients?: number;
}

/** So many one transaction makes due: what is put off may be very much. */
const freedAtOnce = 5_000;

/**
 * Makes due what budgets of an account have put off, as far as they have places now, and gives what is left to be made due
 * in another transaction; the claim puts it off again where the budgets say so. A recipient's bucket that was filled by an
 * earlier setting is full at most.
 */
export async function freePutOff(
  tx: Queryable,
  accountId: string,
  { budgets, places, recipients }: PutOff,
  now: Date | null,
): Promise<PutOff | undefined> {
  const left: PutOff = { budgets: [] };
  if (budgets.includes('recipient_budget')) {
    if (recipients === undefined) await fillRecipientBuckets(tx, accountId, now);
    // What claims put off again meanwhile is not made due once more.
    const all = recipients ?? (await waitingForRecipients(tx, accountId));
    const freed = await endWaiting(tx, accountId, 'recipient_budget', now, Math.min(all, freedAtOnce));
    left.recipients = all - freed;
    if (freed === freedAtOnce && left.recipients > 0) left.budgets.push('recipient_budget');
  }
  if (budgets.includes('new_conversations')) {
    const open = places ?? (await newPlaces(tx, accountId, now));
    const freed = await endWaiting(tx, accountId, 'new_conversations', now, Math.min(open, freedAtOnce));
    left.places = open - freed;
    // Without a place it waits for the next day, which begins at another time after a change of the time zone.
    const moved = freed === freedAtOnce ? freed : await waitForNextDay(tx, accountId, now);
    if (moved === freedAtOnce) left.budgets.push('new_conversations');
  }
  return left.budgets.length > 0 ? left : undefined;
}

/** No bucket of a recipient is emptier than one of the new size can be. */
async function fillRecipientBuckets(tx: Queryable, accountId: string, now: Date | null): Promise<void> {
  await tx.query(sql`update conversation v set recipient_tat = x.full_at
    from (select present(${now}) + recipient_burst * recipient_seconds * interval '1 second' as full_at from account
      where id = ${accountId} and recipient_burst is not null) x
    where v.account_id = ${accountId} and v.recipient_tat > x.full_at`);
}

async function waitingForRecipients(tx: Queryable, accountId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`select count(*)::int as n from message
    where account_id = ${accountId} and status = 'queued' and wait_reason is not null and wait_reason = 'recipient_budget'`);
  return row?.n ?? 0;
}

/** How many people an account may still write to today who have not written to us. */
async function newPlaces(tx: Queryable, accountId: string, now: Date | null): Promise<number> {
  const [row] = await tx.query<{ places: number }>(sql`
    select greatest(0, coalesce(a.new_per_day, 2147483647) - coalesce(d.opened, 0)) as places
    from account a left join account_day d on d.account_id = a.id and d.day = (present(${now}) at time zone a.time_zone)::date
    where a.id = ${accountId}`);
  return row?.places ?? 0;
}

async function waitForNextDay(tx: Queryable, accountId: string, now: Date | null): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`
    with next_day as materialized (select ((present(${now}) at time zone time_zone)::date + 1)::timestamp at time zone time_zone as begins
      from account where id = ${accountId}),
    moved as (
      update message set due_at = (select begins from next_day)
      where id in (select m.id from message m where m.status = 'queued' and m.id = any (array(
          select id from message where account_id = ${accountId} and status = 'queued' and wait_reason is not null
            and wait_reason = 'new_conversations' and due_at > (select begins from next_day) order by due_at limit ${freedAtOnce}))
        order by m.id for update)
      returning 1)
    select count(*)::int as n from moved`);
  return row?.n ?? 0;
}

/** The claim frees them, and what is behind them; those that would be due first, at most `max`. Gives how many they were. */
export async function endWaiting(
  tx: Queryable,
  accountId: string,
  reason: string,
  now: Date | null,
  max: number,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(sql`
    with freed as (
      update message set due_at = present(${now})
      where id in (select m.id from message m where m.status = 'queued' and m.id = any (array(
          select id from message where account_id = ${accountId} and status = 'queued' and wait_reason is not null
            and wait_reason = ${reason} and due_at > present(${now}) order by due_at, priority, turn, seq limit ${max}))
        order by m.id for update)
      returning 1)
    select count(*)::int as n from freed`);
  return row?.n ?? 0;
}
