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
  workspaceId: string;
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

/** How texts are looked for. */
export interface Bounds {
  /** How many of the newest texts are looked at one by one, step by step, before the index is asked for all of the words. */
  newest: readonly number[];
  /** How many texts with the words are looked up one by one. */
  few: number;
  /** Of how many texts between two days all are looked at. */
  between: number;
}

const usual: Bounds = { newest: [5_000, 30_000], few: 20_000, between: 30_000 };
/** Up to this many conversations, their texts are looked for by them. */
const fewConversations = 1_000;

const named = (column: Fragment, value: string): Fragment => sql`folded(${column}) like folded(${likePattern(value)})`;

interface Context {
  callerId: string;
  /** The contacts of each name in `from:` that few contacts have, and no person and no API key of ours. */
  customers: ReadonlyMap<string, readonly string[]>;
}

/** The condition of an operator on a conversation `v`; undefined for one on texts alone. */
function ofConversation({ operator, value }: SearchToken, { callerId, customers }: Context): Fragment | undefined {
  switch (operator) {
    case 'from': {
      const contacts = customers.get(value);
      return contacts && sql`v.contact_id = any (${[...contacts]}::uuid[])`;
    }
    case 'is':
      return is[value]?.(callerId) ?? sql`true`;
    case 'account':
      return sql`v.account_id in (select a.id from account a where ${named(sql`a.name`, value)})`;
    case 'label':
      return sql`(v.id in (select x.conversation_id from conversation_label x join label l on l.id = x.label_id
          where l.deleted_at is null and ${named(sql`l.name`, value)})
        or v.contact_id in (select x.contact_id from contact_label x join label l on l.id = x.label_id
          where l.deleted_at is null and ${named(sql`l.name`, value)}))`;
    case 'team':
      return sql`v.team_id in (select g.id from team g where g.deleted_at is null and ${named(sql`g.name`, value)})`;
    case 'assignee':
      if (value === 'me') return sql`v.assignee_id = ${callerId}`;
      if (value === 'nobody') return sql`v.assignee_id is null`;
      return sql`v.assignee_id in (${writers(value)})`;
    default:
      return undefined;
  }
}

/** The condition of an operator on a message or note `m`; undefined for one on conversations alone. */
function ofText(token: SearchToken, { callerId, customers }: Context): Fragment | undefined {
  const { operator, value } = token;
  switch (operator) {
    case 'has':
      return value === 'failed' ? sql`m.status = 'failed'` : sql`m.type = ${value}`;
    case 'from':
      if (value === 'me') return sql`m.created_by = ${callerId}`;
      if (customers.has(value)) return sql`m.direction = 'inbound'`;
      return sql`(m.created_by in (${writers(value)}) or m.direction = 'inbound'
        and m.conversation_id in (select v.id from conversation v join contact c on c.id = v.contact_id
          where ${named(sql`c.name`, value)}))`;
    default:
      return ofTime(token);
  }
}

/** The condition of an operator on the time of a message or note `m`. */
function ofTime({ operator, value }: SearchToken): Fragment | undefined {
  if (operator === 'before') return sql`m.created_at < ${value}::date`;
  return operator === 'after' ? sql`m.created_at >= ${value}::date` : undefined;
}

/** The people and the API keys of ours with a name. */
const writers = (name: string): Fragment => sql`select p.id from person p where ${named(sql`p.name`, name)}
  union all select k.id from api_key k where ${named(sql`k.name`, name)}`;

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

/** The words as a query of the index, none of them a beginning. Null where they have no letters. */
const wholeOf = (words: string): Fragment =>
  sql`nullif(plainto_tsquery('simple', folded(${words}))::text, '')::tsquery`;

/** The conditions of a search. Undefined: none of the kind. */
interface Wanted {
  workspaceId: string;
  /** The only conversations. */
  conversations: readonly string[] | undefined;
  onlyNotes: boolean;
  /** On a conversation `v`. */
  ofConversation: Fragment | undefined;
  /** On a text `m`. */
  ofText: Fragment | undefined;
  /** Of these the conditions on the time. */
  ofTime: Fragment | undefined;
  query: Fragment | undefined;
  /** The query without its last word, which may be the beginning of many. */
  whole: Fragment | undefined;
}

interface Hit {
  id: string;
  seq: number;
}

/** A page of hits that the caller may read, newest first, and how many there are up to `mostFound` + 1. */
export async function searchTexts(
  db: Queryable,
  asked: Asked,
  bounds = usual,
): Promise<{ rows: FoundRow[]; total: number }> {
  const { callerId, after } = asked;
  const { tokens, words } = readSearch(asked.text);
  const context = { callerId, customers: await customersOf(db, tokens) };
  const conditions = (of: typeof ofText): Fragment | undefined => {
    const some = tokens.map(token => of(token, context)).filter(each => each !== undefined);
    return some.length > 0 ? all(some) : undefined;
  };
  const narrow = conditions(ofConversation);
  const few =
    asked.conversationId === undefined
      ? narrow && (await fewOf(db, asked.workspaceId, narrow))
      : [asked.conversationId];
  const wanted: Wanted = {
    workspaceId: asked.workspaceId,
    conversations: few,
    onlyNotes: tokens.some(({ operator }) => operator === 'in'),
    ofConversation: few && asked.conversationId === undefined ? undefined : narrow,
    ofText: conditions(ofText),
    ofTime: conditions(ofTime),
    query: words.length > 0 ? queryOf(words.join(' ')) : undefined,
    whole: words.length > 1 ? wholeOf(words.slice(0, -1).join(' ')) : undefined,
  };
  const hits = await hitsOf(db, wanted, bounds);
  const page = hits.filter(({ seq }) => after === undefined || seq < after).slice(0, asked.limit + 1);
  return { rows: page.length > 0 ? await rowsOf(db, page) : [], total: hits.length };
}

/** The contacts of each name in `from:` that few contacts have, and no person and no API key of ours. */
async function customersOf(db: Queryable, tokens: readonly SearchToken[]): Promise<Context['customers']> {
  const customers = new Map<string, string[]>();
  for (const { operator, value } of tokens) {
    if (operator !== 'from' || value === 'me') continue;
    const [row] = await db.query<{ ours: boolean; ids: string[] }>(sql`select exists (${writers(value)}) as ours,
      array(select contacts_named(${value}, ${likePattern(value)}, ${fewConversations + 1})) as ids`);
    if (row && !row.ours && row.ids.length <= fewConversations) customers.set(value, row.ids);
  }
  return customers;
}

/** The conversations that fit; undefined where they are many. */
async function fewOf(db: Queryable, workspaceId: string, condition: Fragment): Promise<string[] | undefined> {
  const rows = await db.query<{ id: string }>(sql`
    select v.id from conversation v where v.workspace_id = ${workspaceId} and ${condition} limit ${fewConversations + 1}`);
  return rows.length > fewConversations ? undefined : rows.map(({ id }) => id);
}

/** The texts to look at: a number of the newest, or of the texts of a time, or given ones, in an array. */
type Part = { newest: number } | { ofTime: Fragment; most: number } | { ids: Fragment };

/** Messages and notes, as the conditions know them. */
const texts = ({ workspaceId, conversations, onlyNotes }: Wanted, part?: Part): Fragment => {
  const where = sql`m.workspace_id = ${workspaceId} ${part && 'ids' in part ? sql`and m.id = any (${part.ids})` : sql``}
    ${part && 'ofTime' in part ? sql`and ${part.ofTime}` : sql``}
    ${conversations ? sql`and m.conversation_id = any (${[...conversations]}::uuid[])` : sql``}`;
  const notes = sql`select m.id, m.seq, m.conversation_id, 'outbound' as direction, null as type, null as status,
      m.author as created_by, m.created_at
    from note m where ${where} and m.deleted_at is null ${limitOf(part)}`;
  if (onlyNotes) return sql`(${notes})`;
  return sql`((select m.id, m.seq, m.conversation_id, m.direction, m.type, m.status, m.created_by, m.created_at
    from message m where ${where} and m.revoked_at is null and m.type <> 'reaction' ${limitOf(part)})
    union all (${notes}))`;
};

/** Messages and notes are limited each by itself: of both together the planner would sort all. */
function limitOf(part: Part | undefined): Fragment {
  if (part && 'newest' in part) return sql`order by m.seq desc limit ${part.newest}`;
  return part && 'ofTime' in part ? sql`order by m.created_at limit ${part.most}` : sql``;
}

const fits = ({ ofConversation: narrow, ofText: text }: Wanted): Fragment =>
  all([narrow && sql`exists (select 1 from conversation v where v.id = m.conversation_id and ${narrow})`, text]);

/**
 * The newest hits. Words of few texts are looked up by the index, and few texts of a time are all looked at. Words of many
 * texts are soon found among the newest.
 */
async function hitsOf(db: Queryable, wanted: Wanted, { newest, few, between }: Bounds): Promise<Hit[]> {
  const found = await hitsOfFew(db, wanted, few);
  if (found) return found;
  const parts: [Part, number][] = newest.map(most => [{ newest: most }, most]);
  if (wanted.ofTime) parts.unshift([{ ofTime: wanted.ofTime, most: between }, between]);
  for (const [part, most] of parts) {
    const { hits, isWhole } = await hitsAmong(db, wanted, part, most);
    if (isWhole || ('newest' in part && hits.length > mostFound)) return hits;
  }
  return hitsOfAll(db, wanted);
}

/** Reads some texts in their order. `isWhole`: there are no others. */
async function hitsAmong(
  db: Queryable,
  wanted: Wanted,
  part: Part,
  most: number,
): Promise<{ hits: Hit[]; isWhole: boolean }> {
  const { query } = wanted;
  const rows = await db.query<{ id: string | null; seq: number; looked: number }>(sql`
    with looked as materialized (
      select * from ${texts(wanted, part)} m order by m.seq desc limit ${most}),
    fitting as materialized (select m.id, m.seq from looked m where ${fits(wanted)}),
    hit as (select id, seq from fitting
      where ${query ? sql`id in (select texts_among(${query}, array(select id from fitting)))` : sql`true`}
      order by seq desc limit ${mostFound + 1})
    select hit.id, hit.seq, l.looked from (select count(*)::int as looked from looked) l left join hit on true
    order by hit.seq desc`);
  const hits = rows.flatMap(({ id, seq }) => (id === null ? [] : [{ id, seq }]));
  return { hits, isWhole: (rows[0]?.looked ?? 0) < most };
}

/** Looks up each text that has the words; undefined where too many have them. */
async function hitsOfFew(db: Queryable, wanted: Wanted, few: number): Promise<Hit[] | undefined> {
  const { query, whole } = wanted;
  if (!query) return undefined;
  const [about] = await db.query<{ query: number | null; whole: number | null }>(
    sql`select texts_estimate(${query}) as query, texts_estimate(${whole ?? sql`null::tsquery`}) as whole`,
  );
  // A beginning that many words have is slow in the index: it is compared with what the other words find.
  const byWhole = (about?.whole ?? Number.POSITIVE_INFINITY) <= few ? whole : undefined;
  if (!byWhole && (about?.query ?? 0) > few) return undefined;
  const ids = sql`(select ids from asked)::uuid[]`;
  const rows = await db.query<{ id: string | null; seq: number; known: number }>(sql`
    with found as materialized (
      select array(select texts_with(${byWhole ?? query}) limit ${few + 1}) as ids),
    asked as materialized (
      select ${byWhole ? sql`array(select texts_among(${query}, ids))` : sql`ids`} as ids from found
      where cardinality(ids) <= ${few}),
    hit as (select m.id, m.seq from ${texts(wanted, { ids })} m where ${fits(wanted)}
      order by m.seq desc limit ${mostFound + 1})
    select hit.id, hit.seq, cardinality(f.ids) as known from found f left join hit on true order by hit.seq desc`);
  if ((rows[0]?.known ?? 0) > few) return undefined;
  return rows.flatMap(({ id, seq }) => (id === null ? [] : [{ id, seq }]));
}

/** Joins all texts that have the words with all that fits. */
const hitsOfAll = (db: Queryable, wanted: Wanted): Promise<Hit[]> =>
  db.query<Hit>(sql`select m.id, m.seq from ${texts(wanted)} m
    where ${all([wanted.query && sql`m.id in (select texts_with(${wanted.query}))`, fits(wanted)])}
    order by m.seq desc limit ${mostFound + 1}`);

/** What the API shows of hits. */
const rowsOf = (db: Queryable, hits: readonly Hit[]): Promise<FoundRow[]> =>
  db.query<FoundRow>(sql`
    select hit.id, coalesce(m.seq, n.seq) as seq, v.id as conversation_id, v.account_id, v.contact_id,
      coalesce(m.direction, 'outbound') as direction, m.type, coalesce(m.created_at, n.created_at) as created_at,
      case when n.id is null then left(${textOfMessage}, ${shownLetters}::int) else n.body end as text,
      c.name as contact_name,
      (select value from contact_address a where a.contact_id = c.id and a.kind = 'phone' order by a.value limit 1)
        as contact_phone,
      case when m.campaign_id is null then coalesce(
        (select name from person p where p.id = coalesce(m.created_by, n.author)),
        (select name from api_key k where k.id = coalesce(m.created_by, n.author))) end as author
    from unnest(${hits.map(({ id }) => id)}::uuid[]) hit(id)
      left join message m on m.id = hit.id left join note n on n.id = hit.id
      join conversation v on v.id = coalesce(m.conversation_id, n.conversation_id) join contact c on c.id = v.contact_id
    order by seq desc`);
