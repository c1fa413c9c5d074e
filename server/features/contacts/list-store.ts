// The list of contacts: filters, orders and pages, each by an index.
import type { ContactSort, FieldValue } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { asDialled, digitsOf, numberName } from '../../kit/text/phone.ts';
import {
  allOf,
  bestWay,
  createdIn,
  eachOf,
  fieldsAre,
  foundByWay,
  hasCallingCode,
  hasLabel,
  idsOfWay,
  inverse,
  isOptedOut,
  isUnread,
  keptTotal,
  languageIs,
  likePattern,
  living,
  type Plan,
  type Realm,
  referenceIs,
  type Source,
  unlessNumber,
} from '../segments/index.ts';
import { type ContactRow, columns, conversationSums } from './store.ts';

export interface ContactFilter {
  /** UUIDs. */
  ids?: readonly string[] | undefined;
  phone?: string | undefined;
  reference?: string | undefined;
  search?: string | undefined;
  labelId?: string | undefined;
  field?: { key: string; value: FieldValue } | undefined;
  language?: string | undefined;
  /** A calling code without its +. */
  callingCode?: string | undefined;
  optedOut?: boolean | undefined;
  unread?: boolean | undefined;
  /** The people of a segment. */
  segment?: Plan | undefined;
  createdFrom?: Date | undefined;
  createdUntil?: Date | undefined;
}

/** A pattern for a number or a part of it, however written; null if the text is none. */
function numberPattern(text: string, whole: boolean): string | null {
  const digits = digitsOf(text);
  if (digits === undefined) return null;
  const dialled = asDialled(`+${digits}`);
  return whole ? dialled : likePattern(dialled.slice(1));
}

/** Ids of a search, unordered: up to `most` by each of name, number, reference and fields, or all. */
export const foundBy = (search: string, most: number | null, wholeNumbers = false): Fragment => {
  const number = numberPattern(search, wholeNumbers);
  return sql`find_contacts(${search}, ${likePattern(search)}, ${wholeNumbers ? numberName : null}, ${number}, ${most})`;
};

const limit = (most: number | null): Fragment => (most === null ? sql`` : sql`limit ${most}`);

const bySearch = (realm: Realm, search: string): Plan => {
  const { workspaceId, wholeNumbers = false } = realm;
  const number = numberPattern(search, wholeNumbers);
  const byNumber =
    number !== null &&
    sql`or exists (select 1 from contact_address x where x.contact_id = c.id
      and x.workspace_id = ${workspaceId} and x.kind = 'phone' and x.value like ${number} offset 0)`;
  const test = sql`(folded(c.name) like folded(${likePattern(search)}) ${unlessNumber(realm)} or c.reference = ${search}
      or field_texts(c.fields) @@ field_query(${search}) ${byNumber || sql``})`;
  return {
    test,
    sources: [{ test, ids: most => sql`select ${foundBy(search, most, wholeNumbers)} as id`, exact: 'living' }],
    lookUps: byNumber ? 1 : 0,
  };
};

const byIds = (ids: readonly string[]): Plan => {
  const test = sql`c.id = any (${[...ids]}::uuid[])`;
  const source = (most: number | null) => sql`select id from unnest(${[...new Set(ids)]}::uuid[]) u(id) ${limit(most)}`;
  return { test, sources: [{ test, ids: source, exact: 'all' }], lookUps: 0 };
};

const byPhone = (workspaceId: string, phone: string): Plan => {
  const test = sql`exists (select 1 from contact_address x where x.contact_id = c.id
    and x.workspace_id = ${workspaceId} and x.kind = 'phone' and x.value = ${phone} offset 0)`;
  const source = (most: number | null) => sql`select contact_id as id from contact_address
    where workspace_id = ${workspaceId} and kind = 'phone' and value = ${phone} ${limit(most)}`;
  return { test, sources: [{ test, ids: source, exact: 'all' }], lookUps: 1 };
};

const wanted = (plan: Plan, has: boolean): Plan => (has ? plan : inverse(plan));

/** The conditions of a filter. Conditions that usually have few hits come first. */
function conditionsOf(realm: Realm, filter: ContactFilter): Plan[] {
  const { ids, phone, reference, search, labelId, field, language, callingCode, optedOut, unread } = filter;
  const { segment, createdFrom, createdUntil } = filter;
  const found: (Plan | false | undefined)[] = [
    ids !== undefined && byIds(ids),
    phone !== undefined && byPhone(realm.workspaceId, phone),
    reference !== undefined && referenceIs(realm, [reference]),
    search !== undefined && bySearch(realm, search),
    labelId !== undefined && hasLabel([labelId]),
    field && fieldsAre({ [field.key]: field.value }),
    segment,
    optedOut !== undefined && wanted(isOptedOut(realm, 'either'), optedOut),
    unread !== undefined && wanted(isUnread(realm), unread),
    language !== undefined && languageIs(realm, [language]),
    callingCode !== undefined && hasCallingCode(realm, [callingCode]),
    (createdFrom !== undefined || createdUntil !== undefined) &&
      createdIn(realm, { from: createdFrom, before: createdUntil }),
  ];
  return found.filter(condition => condition !== false && condition !== undefined);
}

/** The orders of the list. `later` says what comes after the sort values of a row, as its cursor has them. */
interface Order {
  by: Fragment;
  later: (after: string[]) => Fragment;
}

const lastTime = sql`coalesce(v.last_message_at, '-infinity')`;

const orders: Record<ContactSort, Order> = {
  created: { by: sql`c.id desc`, later: ([id]) => sql`c.id < ${id}::uuid` },
  name: { by: sql`c.sort_name, c.id`, later: ([name, id]) => sql`(c.sort_name, c.id) > (${name}, ${id}::uuid)` },
  last_message: {
    by: sql`${lastTime} desc, c.id desc`,
    later: ([time, id]) => sql`(${lastTime}, c.id) < (${time}::timestamptz, ${id}::uuid)`,
  },
};

/** The values in the cursor of a row, in the order of the list. */
export const sortValuesOf =
  (sort: ContactSort) =>
  (row: ContactRow): string[] => {
    if (sort === 'name') return [row.sort_name, row.id];
    if (sort === 'last_message') return [row.sorted_by ?? '-infinity', row.id];
    return [row.id];
  };

export interface ListedContacts {
  rows: ContactRow[];
  /** Counted up to 10,001. */
  total: number;
}

/** A page of contacts. */
export async function listContacts(
  db: Queryable,
  realm: Realm,
  { filter, sort }: { filter: ContactFilter; sort: ContactSort },
  page: PageRequest,
): Promise<ListedContacts> {
  const { workspaceId } = realm;
  const conditions = conditionsOf(realm, filter);
  const there = living(workspaceId);
  const where = all([there, ...conditions.map(({ test }) => test)]);
  const place = { where, workspaceId, sort, page };
  if (conditions.length === 0) {
    const [count] = await db.query<{ total: number }>(keptTotal('contacts', sql`workspace_id = ${workspaceId}`));
    return { rows: await walk(db, place), total: count?.total ?? 0 };
  }
  const way = await bestWay(db, workspaceId, allOf(conditions));
  const { start } = way;
  if (start === undefined) {
    const [count] = await db.query<{ total: number }>(
      sql`select count(*) as total from (${idsOfWay(workspaceId, way, countedTo + 1)}) x`,
    );
    return { rows: await walk(db, place), total: count?.total ?? 0 };
  }
  const few = await readFew(db, place, idsOfWay(workspaceId, way, countedTo + 1));
  if (few.total <= countedTo) return few;
  const rows = sort === 'created' ? await newestOf(db, place, start) : await walk(db, place);
  return { ...few, rows };
}

/** The ids of the contacts that a filter finds, up to `most`. */
export async function findIds(db: Queryable, realm: Realm, filter: ContactFilter, most: number): Promise<string[]> {
  const { workspaceId } = realm;
  const way = await bestWay(db, workspaceId, allOf(conditionsOf(realm, filter)));
  const rows = await db.query<{ id: string }>(sql`${foundByWay(workspaceId, way)} limit ${most}`);
  return rows.map(row => row.id);
}

interface Place {
  where: Fragment;
  workspaceId: string;
  sort: ContactSort;
  page: PageRequest;
}

/** One lookup for both the total and the page, in any order. */
async function readFew(db: Queryable, { sort, page }: Place, ids: Fragment): Promise<ListedContacts> {
  const { by, later } = orders[sort];
  const sums = sql`left join lateral (${conversationSums}) v on true`;
  // The order of creation is that of the ids, so most hits need not be read.
  const paged =
    sort === 'created'
      ? sql`select c.id from found c where ${page.after ? later(page.after) : sql`true`}
        order by c.id desc limit ${page.limit + 1} offset ${page.offset}`
      : sql`select c.id from found f ${eachOf(sql`f.id`)} ${sort === 'last_message' ? sums : sql``}
        where ${page.after ? later(page.after) : sql`true`}
        order by ${by} limit ${page.limit + 1} offset ${page.offset}`;
  const found = await db.query<{ total: number } & { [Key in keyof ContactRow]: ContactRow[Key] | null }>(sql`
    with found as materialized (${ids}), page as (${paged})
    select n.total, x.* from (select count(*) as total from found) n
    left join (select ${columns}, row_number() over (order by ${by}) as place
      from page p join contact c on c.id = p.id ${sums}) x on true
    order by x.place`);
  // For an empty page, one row has only the total.
  const rows = found.filter((row): row is { total: number } & ContactRow => row.id !== null);
  return { rows, total: found[0]?.total ?? 0 };
}

/** A page in the order of an index: it reads as many contacts as the filter leaves out, and the page. */
function walk(db: Queryable, place: Place, from: Fragment = sql`contact c`): Promise<ContactRow[]> {
  if (place.sort === 'last_message') return walkByMessage(db, place);
  const { where, sort, page } = place;
  const { by, later } = orders[sort];
  return db.query<ContactRow>(sql`select ${columns} from (
      select c.* from ${from} where ${where} ${page.after ? sql`and ${later(page.after)}` : sql``}
      order by ${by} limit ${page.limit + 1} offset ${page.offset}) c
    left join lateral (${conversationSums}) v on true order by ${by}`);
}

/** By the index of conversations: a contact is where its latest one is. Contacts without any follow. */
function walkByMessage(db: Queryable, { where, workspaceId, page }: Place): Promise<ContactRow[]> {
  const { by } = orders.last_message;
  const [time, id] = page.after ?? [];
  const isPast = time === '-infinity';
  const talked = sql`select c.id, x.last_message_at as at from conversation x join contact c on c.id = x.contact_id
    where x.workspace_id = ${workspaceId} and ${where}
      and not exists (select 1 from conversation o where o.contact_id = x.contact_id
        and (o.last_message_at, o.id) > (x.last_message_at, x.id))
      ${time === undefined ? sql`` : sql`and (x.last_message_at, c.id) < (${time}::timestamptz, ${id}::uuid)`}
    order by x.last_message_at desc, c.id desc`;
  const silent = sql`select c.id, '-infinity'::timestamptz as at from contact c where ${where}
      and not exists (select 1 from conversation o where o.contact_id = c.id)
      ${isPast ? sql`and c.id < ${id}::uuid` : sql``}
    order by c.id desc`;
  const both = isPast ? silent : sql`(${talked}) union all (${silent})`;
  return db.query<ContactRow>(sql`select ${columns} from (
      select id from (${both}) u limit ${page.limit + 1} offset ${page.offset}) p
    join contact c on c.id = p.id left join lateral (${conversationSums}) v on true order by ${by}`);
}

/** A list looks for its page among this many newest contacts before it looks all hits up. */
const newest = 10_000;

/** A page of more hits than we count: try the newest contacts first, else sort all. */
async function newestOf(db: Queryable, place: Place, source: Source): Promise<ContactRow[]> {
  const { workspaceId, page } = place;
  const beyond = page.after ? sql`and c.id < ${page.after[0]}::uuid` : sql``;
  const recent = sql`(select c.* from contact c where c.workspace_id = ${workspaceId} and c.deleted_at is null ${beyond}
    order by c.id desc limit ${newest}) c`;
  const rows = await walk(db, place, recent);
  if (rows.length > page.limit) return rows;
  return walk(
    db,
    place,
    sql`(select ${source.again ? sql`distinct` : sql``} f.id as found from (${source.ids(null)}) f where true
      ${page.after ? sql`and f.id < ${page.after[0]}::uuid` : sql``}) f ${eachOf(sql`f.found`)}`,
  );
}
