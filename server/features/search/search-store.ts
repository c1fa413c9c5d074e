// Messages and notes found by their words and by what is known of them and of their conversations.
import { type AnyMessageType, readSearch, type SearchToken } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { numberName } from '../../kit/text/phone.ts';
import { likePattern, unlessNumber } from '../segments/index.ts';
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
  /** Whether the caller reads only some conversations. */
  isLimited: boolean;
  seesNumbers: boolean;
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
  /** How many of the newest texts are looked at first. Further steps take more. */
  newest: number;
  /** How many texts with the words are looked up one by one. */
  few: number;
  /** A time with up to this many texts is looked at alone. */
  between: number;
  /** Up to this many conversations or contacts of a name, texts are looked for by these. */
  conversations: number;
}

const usual: Bounds = { newest: 2_000, few: 20_000, between: 50_000, conversations: 1_000 };
/** How many times as much a step may take as the one before. */
const growth = 3;
/** How many times as much a step takes as seems to be enough. */
const sureness = 1.5;

const named = (column: Fragment, value: string): Fragment => sql`folded(${column}) like folded(${likePattern(value)})`;

interface Context {
  callerId: string;
  seesNumbers: boolean;
  /** Who has the name of each `from:`. */
  writers: ReadonlyMap<string, Writers>;
}

interface Writers {
  /** The people and the API keys of ours with the name. */
  ours: string[];
  /** The contacts with the name; undefined where they are many. */
  contacts: string[] | undefined;
}

/** The condition of an operator on a conversation `v`; undefined for one on texts alone. */
function ofConversation({ operator, value }: SearchToken, { callerId, writers }: Context): Fragment | undefined {
  switch (operator) {
    case 'from': {
      const { ours = [], contacts } = writers.get(value) ?? {};
      return ours.length === 0 && contacts ? sql`v.contact_id = any (${contacts}::uuid[])` : undefined;
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
      return sql`v.assignee_id in (${oursNamed(value)})`;
    default:
      return undefined;
  }
}

/** The condition of an operator on a message or note `m`; undefined for one on conversations alone. */
function ofText(token: SearchToken, { callerId, writers }: Context): Fragment | undefined {
  const { operator, value } = token;
  switch (operator) {
    case 'has':
      return value === 'failed' ? sql`m.status = 'failed'` : sql`m.type = ${value}`;
    case 'from':
      return value === 'me' ? sql`m.created_by = ${callerId}` : byAny(writers.get(value), sql`true`);
    default:
      return ofTime(token);
  }
}

/** Whether one of ours wrote a text `m`, or a customer for whom a condition holds. */
function byAny({ ours = [], contacts }: Partial<Writers> = {}, customer: Fragment): Fragment {
  const ofCustomer =
    contacts && ours.length > 0
      ? sql`m.conversation_id in (select v.id from conversation v where v.contact_id = any (${contacts}::uuid[]))`
      : customer;
  return sql`(m.created_by = any (${ours}::uuid[]) or m.direction = 'inbound' and ${ofCustomer})`;
}

/**
 * The condition of a name that many contacts have, which is compared text by text. Without it, more texts fit. A scalar
 * query, as PostgreSQL would compare the names of all contacts first for any other.
 */
function ofName({ operator, value }: SearchToken, { seesNumbers, writers }: Context): Fragment | undefined {
  const found = operator === 'from' ? writers.get(value) : undefined;
  return found && !found.contacts
    ? byAny(
        found,
        sql`(select ${named(sql`c.name`, value)} ${unlessNumber({ wholeNumbers: !seesNumbers })} from conversation v join contact c on c.id = v.contact_id
          where v.id = m.conversation_id)`,
      )
    : undefined;
}

/** The condition of an operator on the time of a message or note `m`. */
function ofTime({ operator, value }: SearchToken): Fragment | undefined {
  if (operator === 'before') return sql`m.created_at < ${momentOf(value)}`;
  return operator === 'after' ? sql`m.created_at >= ${momentOf(value)}` : undefined;
}

/** Whether words could find the number in a notice of WhatsApp. */
const haveDigits = (words: readonly string[]): boolean => words.some(word => /\p{N}/u.test(word));
const isNoNotice = sql`m.type is distinct from 'system'`;

/** When a day begins. Row-level security keeps PostgreSQL from the index where a time is compared with a date. */
const momentOf = (day: string): Fragment => sql`${day}::date::timestamptz`;

/** A customer writes no note, and no note is an image or fails. */
function tablesOf(tokens: readonly SearchToken[], { writers }: Context): Table[] {
  const isOfMessages = ({ operator, value }: SearchToken) =>
    operator === 'has' || (operator === 'from' && writers.get(value)?.ours.length === 0);
  const tables: Table[] = tokens.some(isOfMessages) ? [] : ['note'];
  return tokens.some(({ operator }) => operator === 'in') ? tables : ['message', ...tables];
}

/** The people and the API keys of ours with a name. */
const oursNamed = (name: string): Fragment => sql`select p.id from person p where ${named(sql`p.name`, name)}
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

type Table = 'message' | 'note';

/** The conditions of a search. Undefined: none of the kind. */
interface Wanted {
  workspaceId: string;
  /** The only conversations. */
  conversations: readonly string[] | undefined;
  /** Where texts that fit may be. */
  tables: readonly Table[];
  /** On a conversation `v`. */
  ofConversation: Fragment | undefined;
  /** On a text `m`. */
  ofText: Fragment | undefined;
  /** Of these the conditions on the time. */
  ofTime: Fragment | undefined;
  /** On a text `m` that fits in all else. */
  ofName: Fragment | undefined;
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
  const { seesNumbers } = asked;
  const writers = await writersOf(db, tokens, { seesNumbers, most: bounds.conversations });
  const context = { callerId, seesNumbers, writers };
  const conditions = (of: typeof ofText): Fragment | undefined => {
    const some = tokens.map(token => of(token, context)).filter(each => each !== undefined);
    return some.length > 0 ? all(some) : undefined;
  };
  const ofTexts = conditions(ofText);
  const narrow = conditions(ofConversation);
  // The conversations that a limited caller reads are often few.
  const looked = narrow ?? (asked.isLimited ? sql`true` : undefined);
  const few =
    asked.conversationId === undefined
      ? looked && (await fewOf(db, asked.workspaceId, looked, bounds.conversations))
      : [asked.conversationId];
  const wanted: Wanted = {
    workspaceId: asked.workspaceId,
    conversations: few,
    tables: tablesOf(tokens, context),
    ofConversation: few && asked.conversationId === undefined ? undefined : narrow,
    ofText: seesNumbers || !haveDigits(words) ? ofTexts : all([isNoNotice, ofTexts]),
    ofTime: conditions(ofTime),
    ofName: conditions(ofName),
    query: words.length > 0 ? queryOf(words.join(' ')) : undefined,
    whole: words.length > 1 ? wholeOf(words.slice(0, -1).join(' ')) : undefined,
  };
  if (wanted.tables.length === 0) return { rows: [], total: 0 };
  const hits = (await hitsOfFew(db, wanted, bounds.few)) ?? (await newestHits(db, wanted, bounds));
  const page = hits.filter(({ seq }) => after === undefined || seq < after).slice(0, asked.limit + 1);
  return { rows: page.length > 0 ? await rowsOf(db, page) : [], total: hits.length };
}

/** Who has the name of each `from:`. */
async function writersOf(
  db: Queryable,
  tokens: readonly SearchToken[],
  { seesNumbers, most }: { seesNumbers: boolean; most: number },
): Promise<Context['writers']> {
  const writers = new Map<string, Writers>();
  for (const { operator, value } of tokens) {
    if (operator !== 'from' || value === 'me') continue;
    const [row] = await db.query<{ ours: string[]; contacts: string[] }>(sql`select array(${oursNamed(value)}) as ours,
      array(select contacts_named(${value}, ${likePattern(value)}, ${seesNumbers ? null : numberName}, ${most + 1})) as contacts`);
    const { ours = [], contacts = [] } = row ?? {};
    writers.set(value, { ours, contacts: contacts.length > most ? undefined : contacts });
  }
  return writers;
}

/** The conversations that fit; undefined where they are many. */
async function fewOf(
  db: Queryable,
  workspaceId: string,
  condition: Fragment,
  most: number,
): Promise<string[] | undefined> {
  const rows = await db.query<{ id: string }>(sql`
    select v.id from conversation v where v.workspace_id = ${workspaceId} and ${condition} limit ${most + 1}`);
  return rows.length > most ? undefined : rows.map(({ id }) => id);
}

/** Messages and notes for which a condition holds, as the conditions of a search know them. */
const texts = (wanted: Wanted, condition: Fragment): Fragment =>
  ofEach(wanted, table => {
    const where = all([inScope(wanted), condition]);
    return table === 'note'
      ? sql`select m.id, m.seq, m.conversation_id, 'outbound' as direction, null as type, null as status,
            m.author as created_by, m.created_at
          from note m where ${where} and m.deleted_at is null`
      : sql`select m.id, m.seq, m.conversation_id, m.direction, m.type, m.status, m.created_by, m.created_at
          from message m where ${where} and m.revoked_at is null and m.type <> 'reaction'`;
  });

/** The rows of a query of each table. */
const ofEach = ({ tables }: Wanted, query: (table: Table) => Fragment): Fragment =>
  tables.map(table => sql`(${query(table)})`).reduce((left, right) => sql`${left} union all ${right}`);

const tableOf: Readonly<Record<Table, Fragment>> = { message: sql`message`, note: sql`note` };

const inScope = ({ workspaceId, conversations }: Wanted): Fragment =>
  all([
    sql`m.workspace_id = ${workspaceId}`,
    conversations && sql`m.conversation_id = any (${[...conversations]}::uuid[])`,
  ]);

const fits = ({ ofConversation: narrow, ofText: text }: Wanted): Fragment =>
  all([narrow && sql`exists (select 1 from conversation v where v.id = m.conversation_id and ${narrow})`, text]);

/** The newest hits of texts that fit in all but a name. In their order, so that few names are compared. */
const hitsOf = ({ ofName }: Wanted, fitting: Fragment, most: number): Fragment => sql`
  select m.id, m.seq from (select * from ${fitting} x order by x.seq desc offset 0) m
  where ${ofName ?? sql`true`} order by m.seq desc limit ${most}`;

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
  const rows = await db.query<{ id: string | null; seq: number; known: number }>(sql`
    with found as materialized (
      select array(select texts_with(${byWhole ?? query}) limit ${few + 1}) as ids),
    asked as materialized (
      select ${byWhole ? sql`array(select texts_among(${query}, ids))` : sql`ids`} as ids from found
      where cardinality(ids) <= ${few}),
    fitting as (select m.* from (${texts(wanted, sql`m.id = any ((select ids from asked)::uuid[])`)}) m where ${fits(wanted)}),
    hit as (${hitsOf(wanted, sql`fitting`, mostFound + 1)})
    select hit.id, hit.seq, cardinality(f.ids) as known from found f left join hit on true order by hit.seq desc`);
  if ((rows[0]?.known ?? 0) > few) return undefined;
  return rows.flatMap(({ id, seq }) => (id === null ? [] : [{ id, seq }]));
}

/** Looks at texts from the newest on. Below zero are the numbers of imported history, which are far apart. */
async function newestHits(db: Queryable, wanted: Wanted, bounds: Bounds): Promise<Hit[]> {
  const hits = await hitsInSteps(db, wanted, bounds, sql`m.seq >= 0`);
  if (hits.length > mostFound) return hits;
  return [...hits, ...(await hitsInSteps(db, wanted, bounds, sql`m.seq < 0`))].slice(0, mostFound + 1);
}

/**
 * Ends with the step that finds enough. Each step after the first takes the numbers that seem to hold the missing hits. It
 * takes at most some times as many as the step before.
 */
async function hitsInSteps(db: Queryable, wanted: Wanted, bounds: Bounds, region: Fragment): Promise<Hit[]> {
  const start = await startOf(db, wanted, bounds, region);
  if (!start) return [];
  const { scope, lowest, first, last } = start;
  const look = (step: Fragment, missing: number) => hitsWithin(db, wanted, all([scope, step]), missing);
  const hits = await look(sql`m.seq >= ${first}`, mostFound + 1);
  for (let below = first, step = last - first + 1; below > lowest && hits.length <= mostFound; below -= step) {
    const missing = mostFound + 1 - hits.length;
    const seeming =
      hits.length > 0 ? ((last - below + 1) / hits.length) * missing * sureness : Number.POSITIVE_INFINITY;
    step = Math.ceil(Math.min(step * growth, seeming, below - lowest));
    hits.push(...(await look(sql`m.seq < ${below} and m.seq >= ${below - step}`, missing)));
  }
  return hits;
}

/** The texts to look at in steps, and the numbers of the first step. */
interface Start {
  scope: Fragment;
  /** No text has a lower number. */
  lowest: number;
  first: number;
  last: number;
}

/** Undefined where there are no texts. */
async function startOf(
  db: Queryable,
  wanted: Wanted,
  { newest, between }: Bounds,
  region: Fragment,
): Promise<Start | undefined> {
  const numbers = (condition: Fragment, order: Fragment) =>
    ofEach(wanted, table => sql`select m.seq from ${tableOf[table]} m where ${condition} ${order}`);
  const everything = sql`m.workspace_id = ${wanted.workspaceId} and ${region}`;
  const newestOf = async (scope: Fragment, order: Fragment): Promise<(Start & { known: number }) | undefined> => {
    const [row] = await db.query<{ known: number; lowest: number; first: number | null; last: number }>(sql`
      with known as materialized (${numbers(all([inScope(wanted), region, scope]), order)})
      select (select count(*) from known) as known, min(seq) as first, max(seq) as last,
        (select min(seq) from (${numbers(everything, sql`order by m.seq limit 1`)}) x) as lowest
      from (select seq from known order by seq desc limit ${newest}) x`);
    if (!row || row.first === null) return undefined;
    return { ...row, scope: all([region, scope]), first: row.known < newest ? row.lowest : row.first };
  };
  const bySeq = sql`order by m.seq desc limit ${newest}`;
  const { ofTime: time, conversations } = wanted;
  if (!time || conversations) return newestOf(sql`true`, bySeq);
  const short = await newestOf(time, sql`order by m.created_at limit ${between + 1}`);
  if (!short || short.known <= between) return short;
  // The times and the numbers of texts from elsewhere have different orders.
  const [long] = await db.query<{ last: number }>(sql`
    select max(seq) as last from (${numbers(all([everything, time]), sql`order by m.seq desc limit 1`)}) x`);
  return newestOf(sql`m.seq <= ${long?.last ?? 0}`, bySeq);
}

/** The newest hits among texts for which a condition holds. */
const hitsWithin = (db: Queryable, wanted: Wanted, condition: Fragment, most: number): Promise<Hit[]> => {
  const { query } = wanted;
  return db.query<Hit>(sql`
    with fitting as materialized (select m.* from (${texts(wanted, condition)}) m where ${fits(wanted)}),
    worded as (select * from fitting
      where ${query ? sql`id in (select texts_among(${query}, array(select id from fitting)))` : sql`true`})
    ${hitsOf(wanted, sql`worded`, most)}`);
};

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
