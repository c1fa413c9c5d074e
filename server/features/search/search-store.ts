// Messages and notes found by their words and by what is known of them and of their conversations.
import { type AnyMessageType, readSearch, type SearchToken } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { likePattern } from '../segments/index.ts';
import { textOfMessage } from './index-store.ts';

export interface FoundRow {
  id: string;
  seq: number;
  conversation_id: string;
  account_id: string;
  contact_id: string;
  contact_name: string | null;
  contact_phone: string | null;
  direction: 'outbound' | 'inbound';
  /** Null for a note. */
  type: AnyMessageType | null;
  author: string | null;
  text: string | null;
  created_at: Date;
}

interface Asked {
  callerId: string;
  conversationId: string | undefined;
  text: string;
  /** The number of the last message of the page before. */
  after: number | undefined;
  limit: number;
}

/** The most hits that a search looks for and counts. */
const mostFound = 100;
const shownLetters = 2_000;

const named = (column: Fragment, value: string): Fragment => sql`folded(${column}) like folded(${likePattern(value)})`;

/** The condition of an operator on a message or note `m` and its conversation `v`. */
function conditionOf({ operator, value }: SearchToken, callerId: string): Fragment {
  switch (operator) {
    case 'is':
      return is[value]?.(callerId) ?? sql`true`;
    case 'has':
      return value === 'failed' ? sql`m.status = 'failed'` : sql`m.type = ${value}`;
    case 'in':
      return sql`m.type is null`;
    case 'before':
      return sql`m.created_at < ${value}::date`;
    case 'after':
      return sql`m.created_at >= ${value}::date`;
    case 'account':
      return sql`exists (select 1 from account a where a.id = m.account_id and ${named(sql`a.name`, value)})`;
    case 'label':
      return sql`(exists (select 1 from conversation_label x join label l on l.id = x.label_id
          where x.conversation_id = m.conversation_id and l.deleted_at is null and ${named(sql`l.name`, value)})
        or exists (select 1 from contact_label x join label l on l.id = x.label_id
          where x.contact_id = v.contact_id and l.deleted_at is null and ${named(sql`l.name`, value)}))`;
    case 'team':
      return sql`exists (select 1 from team g where g.id = v.team_id and g.deleted_at is null and ${named(sql`g.name`, value)})`;
    case 'assignee':
      if (value === 'me') return sql`v.assignee_id = ${callerId}`;
      if (value === 'nobody') return sql`v.assignee_id is null`;
      return sql`(exists (select 1 from person p where p.id = v.assignee_id and ${named(sql`p.name`, value)})
        or exists (select 1 from api_key k where k.id = v.assignee_id and ${named(sql`k.name`, value)}))`;
    case 'from':
      if (value === 'me') return sql`m.created_by = ${callerId}`;
      return sql`(exists (select 1 from person p where p.id = m.created_by and ${named(sql`p.name`, value)})
        or m.direction = 'inbound'
          and exists (select 1 from contact c where c.id = v.contact_id and ${named(sql`c.name`, value)}))`;
  }
}

const is: Record<string, (callerId: string) => Fragment> = {
  open: () => sql`v.state = 'open'`,
  snoozed: () => sql`v.state = 'snoozed'`,
  closed: () => sql`v.state = 'closed'`,
  unread: () => sql`v.unread`,
  waiting: () => sql`v.state = 'open' and v.waiting_since is not null`,
  mine: callerId => sql`v.assignee_id = ${callerId}`,
  unassigned: () => sql`v.assignee_id is null`,
};

/** The words as a query of the index; the last one may be a beginning. Null where they have no letters. */
const queryOf = (words: string): Fragment =>
  sql`(nullif(plainto_tsquery('simple', folded(${words}))::text, '') || ':*')::tsquery`;

/** A page of hits that the caller may read, newest first, and how many there are up to `mostFound` + 1. */
export async function searchTexts(db: Queryable, asked: Asked): Promise<{ rows: FoundRow[]; total: number }> {
  const { callerId, conversationId, after } = asked;
  const { tokens, words } = readSearch(asked.text);
  const text = words.join(' ');
  const where = all([
    conversationId !== undefined && sql`m.conversation_id = ${conversationId}`,
    text !== '' && sql`m.id in (select texts_with(${queryOf(text)}))`,
    ...tokens.map(token => conditionOf(token, callerId)),
  ]);
  const rows = await db.query<FoundRow & { n: number }>(sql`
    with hit as materialized (
      select m.id, m.seq from (
        select id, seq, conversation_id, account_id, direction, type, status, created_by, created_at from message
          where revoked_at is null and type <> 'reaction'
        union all
        select id, seq, conversation_id, account_id, 'outbound', null, null, author, created_at from note
          where deleted_at is null) m
      join conversation v on v.id = m.conversation_id
      where ${where} order by m.seq desc limit ${mostFound + 1})
    select hit.id, hit.seq, v.id as conversation_id, v.account_id, v.contact_id, coalesce(m.direction, 'outbound') as direction,
      m.type, coalesce(m.created_at, n.created_at) as created_at,
      case when n.id is null then left(${textOfMessage}, ${shownLetters}::int) else n.body end as text,
      c.name as contact_name,
      (select value from contact_address a where a.contact_id = c.id and a.kind = 'phone' order by a.value limit 1)
        as contact_phone,
      case when m.campaign_id is null then coalesce(
        (select name from person p where p.id = coalesce(m.created_by, n.author)),
        (select name from api_key k where k.id = coalesce(m.created_by, n.author))) end as author,
      (select count(*)::int from hit) as n
    from hit left join message m on m.id = hit.id left join note n on n.id = hit.id
      join conversation v on v.id = coalesce(m.conversation_id, n.conversation_id) join contact c on c.id = v.contact_id
    where ${after === undefined ? sql`true` : sql`hit.seq < ${after}`}
    order by hit.seq desc limit ${asked.limit + 1}`);
  return { rows, total: rows[0]?.n ?? 0 };
}
