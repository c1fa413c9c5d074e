// Hand-made queue states: calls that never finish, and very many messages.
import type { Scenario } from './scenario.ts';

/**
 * Makes the last call to this address one that never finishes, as after a kill between the call and its record.
 * Returns its token and its channel message id.
 */
export async function loseCall(
  { sql }: Pick<Scenario, 'sql'>,
  address: string,
  leaseUntil: Date | string,
): Promise<{ token: string; channel: string } | undefined> {
  const [call] = await sql<{ token: string; channel: string }>(
    `with gone as (delete from attempt where token = (select token from attempt where message_id = any (array(
        select id from message where address = $2 and direction = 'outbound')) order by started_at desc limit 1) returning *),
      opened as (insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at,
          fence, runner, started_at, lease_until)
        select m.id, m.seq, m.workspace_id, m.account_id, m.conversation_id, m.priority, 'sending', true, g.started_at,
          g.number, 'gone', g.started_at, $1 from gone g join message m on m.id = g.message_id),
      counted as (update lane l set in_flight = in_flight + 1 from gone where l.account_id = gone.account_id),
      shown as (update message m set status = 'sending', channel_message_id = null from gone where m.id = gone.message_id)
    select token, channel_message_id as channel from gone`,
    [leaseUntil, address],
  );
  return call;
}

/** Queues this many copies of the only queued message behind it. */
export async function growQueue({ sql }: Pick<Scenario, 'sql'>, count: number): Promise<void> {
  await sql(
    `with first as (select m.* from message m join open_message o using (id)),
      more as (insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
          status, priority, event_count, created_at)
        select token_of(gen_random_uuid(), 0), workspace_id, account_id, conversation_id, contact_id, direction, address, type,
          content, status, priority, 1, created_at from first, generate_series(1, $1::int) n returning *),
      opened as (insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at)
        select id, seq, workspace_id, account_id, conversation_id, priority, 'queued', false, created_at from more)
    update lane set queued = queued + $1::int where account_id = (select account_id from first)`,
    [count],
  );
}
