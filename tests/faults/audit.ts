// The audit: compares the witness, the database and the simulator's ledger after everything has settled.
import type pg from 'pg';
import { storedKey } from '../../server/kit/http/idempotency.ts';
import { toUuid } from '../../server/kit/ids.ts';
import type { LedgerEntry } from './actors.ts';
import type { Witness } from './load.ts';

export const figureNames = ['lost', 'duplicated', 'unexpected', 'lied'] as const;

export interface Findings {
  accepted: number;
  /** Ids or tokens of problems; must be empty. */
  lost: string[];
  duplicated: string[];
  unexpected: string[];
  lied: string[];
  /**
   * Messages that stay unknown, and those whose call the channel dropped on purpose or a fault may have interrupted.
   */
  unknown: number;
  dropped: number;
  ended: number;
  /** Those without an explanation: neither dropped, nor in flight during a fault that interrupts calls. */
  unexplained: string[];
  /** Messages that ended without a call. No client of these runs cancels, and the channel rejects nothing. */
  uncalled: string[];
  /** Messages that wait for an unknown one in their conversation, for two minutes at most. */
  held: number;
  /** Calls that the channel accepted and whose receipts came, though their messages are unknown. */
  unresolved: string[];
  /** Any other broken promise, as text. */
  others: string[];
}

/** When faults interrupted calls, and how many, by Date.now(). */
export interface Ending {
  from: number;
  to: number;
  faults: number;
}

export interface Endings {
  spans: Ending[];
  /** How many calls can be in flight at once. */
  places: number;
}

interface MessageRow {
  id: string;
  status: string;
  address: string;
}

interface AttemptRow {
  token: string;
  message_id: string;
  /** In milliseconds. */
  started_at: number;
  ended_at: number | null;
}

/** The database rows after everything has settled. */
export interface Rows {
  messages: MessageRow[];
  attempts: AttemptRow[];
  /** Ids of messages that wait for an unknown one. */
  held: Set<string>;
}

export const sentStatuses = ['sent', 'delivered', 'read', 'played'];

/** Queued behind an unknown message of the same conversation, which holds it for a while. */
export const heldQuery = `select m.id from recado.open_message m where m.state = 'queued'
  and exists (select 1 from recado.open_message o where o.conversation_id = m.conversation_id and o.state = 'unknown'
    and o.head and o.ready_at > clock_timestamp())`;

export async function audit(
  client: pg.Client,
  witness: Witness,
  ledger: LedgerEntry[],
  endings: Endings,
): Promise<Findings> {
  const { rows: messages } = await client.query<MessageRow>(
    `select id, status, address from recado.message where direction = 'outbound'`,
  );
  const { rows: attempts } = await client.query<AttemptRow>(
    `select token, message_id, 1000 * extract(epoch from started_at)::float8 as started_at,
      1000 * extract(epoch from ended_at)::float8 as ended_at from recado.attempt`,
  );
  const held = new Set((await client.query<{ id: string }>(heldQuery)).rows.map(row => row.id));
  const findings = compare({ messages, attempts, held }, witness, ledger, endings);
  return {
    ...findings,
    others: [
      ...findings.others,
      ...(await keysAstray(client, witness)),
      ...(await calledAgain(client)),
      ...(await inboundAstray(client, witness)),
      ...(await countersAstray(client)),
    ],
  };
}

/** Compares the witness, the rows and the ledger. */
export function compare(
  { messages, attempts, held }: Rows,
  witness: Witness,
  ledger: LedgerEntry[],
  endings: Endings,
): Findings {
  const byId = new Map(messages.map(row => [row.id, row]));
  const messageOf = new Map(attempts.map(row => [row.token, row.message_id]));
  const accepted = new Map(witness.accepted.map(each => [toUuid(each.id), each]));
  const calls = new Map<string, number>();
  const places = new Map<string, number>();
  const unexpected: string[] = [];
  for (const [place, entry] of ledger.entries()) {
    const id = messageOf.get(entry.token ?? '');
    if (!id || !accepted.has(id) || `+${entry.to}` !== accepted.get(id)?.to)
      unexpected.push(entry.token ?? entry.wamid);
    if (!id) continue;
    calls.set(id, (calls.get(id) ?? 0) + 1);
    if (!places.has(id)) places.set(id, place);
  }

  const statusOf = (id: string) => byId.get(id)?.status ?? '';
  const ids = [...accepted.keys()];
  const unknown = ids.filter(id => statusOf(id) === 'unknown');
  const [dropped, others] = parted(
    unknown.filter(id => !calls.has(id)),
    id => accepted.get(id)?.fault === 'dropped',
  );
  const { ended, unexplained, tooMany } = explain(others, attempts, endings);
  const open = (id: string) => ['queued', 'sending'].includes(statusOf(id)) && !held.has(id);
  const isOver = (id: string) => ['failed', 'cancelled', 'expired'].includes(statusOf(id));
  return {
    accepted: ids.length,
    lost: ids.filter(id => !byId.has(id) || open(id)),
    duplicated: [...new Set([...ids.filter(id => (calls.get(id) ?? 0) > 1), ...duplicatedNumbers(witness, ledger)])],
    unexpected,
    lied: ids.filter(id => (calls.has(id) ? isOver(id) : sentStatuses.includes(statusOf(id)))),
    unknown: unknown.length,
    dropped: dropped.length,
    ended,
    unexplained,
    uncalled: ids.filter(id => isOver(id) && !calls.has(id)),
    held: held.size,
    unresolved: unknown.filter(id => calls.has(id)),
    others: [...witness.complaints, ...tooMany, ...unaskedRows(messages, accepted), ...disorder(witness, places)],
  };
}

function parted<Item>(items: Item[], fits: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(fits), items.filter(item => !fits(item))];
}

/** Which messages had a call in flight during a fault: each fault interrupts at most as many as there are slots. */
function explain(ids: string[], attempts: AttemptRow[], { spans, places }: Endings) {
  const attemptsOf = new Map<string, AttemptRow[]>();
  for (const row of attempts) attemptsOf.set(row.message_id, [...(attemptsOf.get(row.message_id) ?? []), row]);
  const bySpan = new Map<Ending, number>();
  const unexplained: string[] = [];
  for (const id of ids) {
    const span = spans.find(({ from, to }) =>
      attemptsOf.get(id)?.some(row => row.started_at <= to && (row.ended_at ?? Number.POSITIVE_INFINITY) >= from),
    );
    if (span) bySpan.set(span, (bySpan.get(span) ?? 0) + 1);
    else unexplained.push(id);
  }
  return {
    ended: ids.length - unexplained.length,
    unexplained,
    tooMany: [...bySpan]
      .filter(([{ faults }, count]) => count > faults * places)
      .map(([{ faults }, count]) => `${faults} faults left ${count} messages unknown, of ${places} calls under way`),
  };
}

/** Numbers that were called more often than messages to them were accepted. */
function duplicatedNumbers(witness: Witness, ledger: LedgerEntry[]): string[] {
  const left = new Map<string, number>();
  for (const { to } of witness.accepted) left.set(to, (left.get(to) ?? 0) + 1);
  for (const { to } of ledger) left.set(`+${to}`, (left.get(`+${to}`) ?? 0) - 1);
  return [...left].filter(([, count]) => count < 0).map(([to]) => to);
}

/** Rows that no client knows. There can be none, because every key was retried until it got a response. */
const unaskedRows = (messages: MessageRow[], accepted: Map<string, unknown>): string[] =>
  messages.filter(row => !accepted.has(row.id)).map(row => `${row.id} to ${row.address} was never answered with 202`);

function disorder(witness: Witness, places: Map<string, number>): string[] {
  return witness.pairs.flatMap(([first, second]) => {
    const [before, after] = [places.get(toUuid(first)), places.get(toUuid(second))];
    return before !== undefined && after !== undefined && before > after
      ? [`${second} was sent before ${first}, which was accepted earlier`]
      : [];
  });
}

async function keysAstray(client: pg.Client, witness: Witness): Promise<string[]> {
  const { rows } = await client.query<{ key: string; resource_id: string }>(
    `select key, resource_id from recado.idempotency where operation = 'messages.create'`,
  );
  const known = new Map(rows.map(row => [row.key, row.resource_id]));
  return witness.accepted
    .filter(({ key, id }) => known.get(storedKey(key)) !== toUuid(id))
    .map(({ key, id }) => `the key ${key} was answered with ${id} and is kept for ${known.get(storedKey(key))}`);
}

/** No account of these runs retries unknown messages, even if the channel dropped the first call. */
async function calledAgain(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string; number: number; status: string }>(
    `select a.message_id as id, a.number, a.status from recado.attempt a
     join recado.attempt b on b.message_id = a.message_id and b.number = a.number + 1 where a.status <> 'not_sent'`,
  );
  return rows.map(({ id, number, status }) => `${id} was called again after call ${number}, which was ${status}`);
}

async function inboundAstray(client: pg.Client, witness: Witness): Promise<string[]> {
  const { rows } = await client.query<{ text: string; count: number }>(
    `select content ->> 'body' as text, count(*)::int from recado.message where direction = 'inbound' group by 1`,
  );
  const counts = new Map(rows.map(row => [row.text, row.count]));
  const { rows: dead } = await client.query<{ reason: string }>('select reason from recado.dead_letter');
  return [
    ...witness.written.filter(text => !counts.has(text)).map(text => `inbound, lost: ${text}`),
    ...[...counts].filter(([, count]) => count > 1).map(([text]) => `inbound, duplicated: ${text}`),
    ...dead.map(({ reason }) => `inbound, dead-lettered: ${reason}`),
  ];
}

/** Maintained counts must equal a recount. */
const recounts = {
  'conversation.sent_count': `select v.id::text, v.sent_count::int as kept, count(m.id)::int as counted
    from recado.conversation v left join recado.message m on m.conversation_id = v.id and m.direction = 'outbound'
    group by v.id having v.sent_count <> count(m.id)`,
  'conversation.received_count': `select v.id::text, v.received_count::int as kept, count(m.id)::int as counted
    from recado.conversation v left join recado.message m on m.conversation_id = v.id and m.direction = 'inbound'
      and m.type <> 'system'
    group by v.id having v.received_count <> count(m.id)`,
  'conversation.unread_count': `select v.id::text, v.unread_count::int as kept, count(m.id)::int as counted
    from recado.conversation v left join recado.message m on m.conversation_id = v.id and m.direction = 'inbound'
      and m.status = 'received'
    group by v.id having v.unread_count <> count(m.id)`,
  'lane.queued': `select l.account_id::text as id, l.queued as kept, count(o.id)::int as counted
    from recado.lane l left join recado.open_message o on o.account_id = l.account_id and o.state = 'queued'
    group by l.account_id having l.queued <> count(o.id)`,
  'lane.in_flight': `select l.account_id::text as id, l.in_flight as kept, count(o.id)::int as counted
    from recado.lane l left join recado.open_message o on o.account_id = l.account_id and o.state = 'sending'
    group by l.account_id having l.in_flight <> count(o.id)`,
  open_message: `select m.id::text, 0 as kept, 1 as counted from recado.message m
    left join recado.open_message o on o.id = m.id where m.status in ('scheduled', 'queued', 'sending', 'unknown') and o.id is null`,
  message_gauge: `select concat_ws(' ', coalesce(p.account_id, m.account_id), coalesce(p.status, m.status)) as id,
      coalesce(p.n, 0)::int as kept, coalesce(m.n, 0)::int as counted
    from (select account_id, status, sum(messages) as n from (
        select account_id, status, messages from recado.message_gauge
        union all select account_id, status, present from recado.message_delta) c group by 1, 2) p
    full join (select account_id, status, count(*) as n from recado.message group by 1, 2) m using (account_id, status)
    where coalesce(p.n, 0) <> coalesce(m.n, 0)`,
  message_span: `select concat_ws(' ', account_id, status, span) as id, sum(kept)::int as kept, sum(counted)::int as counted
    from (
      select account_id, status, span, messages as kept, 0 as counted from recado.message_span
      union all select account_id, status, span, present, 0 from recado.message_delta where span is not null
      union all select account_id, status, seq / 512, 0, 1 from recado.message where direction = 'outbound' and source is null
        and status in ('queued', 'sending', 'sent', 'delivered', 'read', 'played')) x
    group by account_id, status, span having sum(kept) <> sum(counted)`,
  list_count: `select concat_ws(' ', list, workspace_id, account_id) as id, sum(kept)::int as kept, sum(counted)::int as counted
    from (
      select list, workspace_id, account_id, entries as kept, 0 as counted from recado.list_count
      union all select list, workspace_id, account_id, entries, 0 from recado.list_delta
      union all select 'contacts', workspace_id, null, 0, count(*) from recado.contact where deleted_at is null group by 2
      union all select 'conversations', workspace_id, account_id, 0, count(*) from recado.conversation group by 2, 3
      union all select 'unread', workspace_id, account_id, 0, count(*) from recado.conversation where unread_count > 0 group by 2, 3) x
    group by list, workspace_id, account_id having sum(kept) <> sum(counted)`,
  'message.event_count': `select m.id::text, m.event_count as kept, count(e.id)::int as counted
    from recado.message m left join recado.logged_event e on e.message_id = m.id and e.number is not null
    where m.direction = 'outbound' group by m.id
    having m.event_count <> count(e.id) or m.event_count <> max(e.number) or count(distinct e.number) <> count(e.id)`,
};

/** The counters that differ from a recount, as text. */
export async function countersAstray(client: pg.ClientBase): Promise<string[]> {
  const found: string[] = [];
  for (const [name, query] of Object.entries(recounts)) {
    const { rows } = await client.query<{ id: string; kept: number; counted: number }>(query);
    found.push(...rows.map(({ id, kept, counted }) => `${name} of ${id} is ${kept}, a recount gives ${counted}`));
  }
  return found;
}
