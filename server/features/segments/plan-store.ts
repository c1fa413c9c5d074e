// Finds the contacts of a plan, by the way that takes the least time.
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, join, sql } from '../../kit/db/sql.ts';
import { limit, type Plan, type Source } from './facts-store.ts';
import { type Alike, cheapestWay, type Lookup, livingOnly, lookupsOf, partsOf, type Way, wayOf } from './way.ts';

/** The number of entries of a list from the maintained counts; `where` filters the columns of these tables. */
export const keptTotal = (list: 'contacts' | 'conversations' | 'unread', where: Fragment): Fragment => sql`
  select coalesce(sum(entries), 0) as total from (
    select entries from list_count where list = ${list} and ${where}
    union all
    select entries from list_delta where list = ${list} and ${where}) x`;

/** How many contacts a workspace has. */
export async function countContacts(db: Queryable, workspaceId: string): Promise<number> {
  const [row] = await db.query<{ total: number }>(keptTotal('contacts', sql`workspace_id = ${workspaceId}`));
  return row?.total ?? 0;
}

/** Up to this many contacts, any lookup is quick. */
const few = 5_000;
/** A lookup that finds no more is taken at once. */
const handful = 50;
/** How many contacts are asked to estimate how many fit. */
const sampled = 2_000;

export const living = (workspaceId: string): Fragment => sql`c.workspace_id = ${workspaceId} and c.deleted_at is null`;

/** Look up one by one: the planner cannot estimate the hits, and might scan all contacts instead. */
export const eachOf = (id: Fragment): Fragment =>
  sql`cross join lateral (select * from contact where id = ${id} limit 1) c`;

/** Whether a lookup finds a handful of contacts at most. */
async function findsFew(db: Queryable, { ids }: Source): Promise<boolean> {
  const [found] = await db.query<{ n: number }>(sql`select count(*) as n from (${ids(handful + 1)}) x`);
  return (found?.n ?? 0) <= handful;
}

/** The contacts of a sample, by which conditions and which lookups have them. */
async function readAlike(
  db: Queryable,
  workspaceId: string,
  { parts, lookups, percent }: { parts: Plan[]; lookups: Lookup[]; percent: number },
): Promise<Alike[]> {
  const tests = [...new Set([...parts, ...lookups.map(({ source }) => source)].map(({ test }) => test))];
  const rows = await db.query<{ flags: boolean[]; n: number }>(sql`select flags, count(*)::int as n
    from (select array[${join(tests)}] as flags from contact c tablesample system (${percent})
      where ${living(workspaceId)}) x
    group by flags`);
  return rows.map(({ flags, n }) => {
    const isTrue = ({ test }: { test: Fragment }) => flags[tests.indexOf(test)] === true;
    return { n, fits: parts.map(isTrue), had: lookups.map(({ source }) => isTrue(source)) };
  });
}

/** The way in which a plan finds up to 10,001 contacts fastest. A sample tells how many each of its lookups has. */
export async function bestWay(db: Queryable, workspaceId: string, plan: Plan): Promise<Way> {
  const parts = partsOf(plan);
  const lookups = lookupsOf(parts);
  const first = lookups.find(({ without }) => !without);
  const [, second] = lookups;
  if (first === undefined && second === undefined) return wayOf(parts, undefined, []);
  if (first !== undefined && second === undefined && !first.source.blocks) return wayOf(parts, first, []);
  const contacts = await countContacts(db, workspaceId);
  if (contacts <= few) return wayOf(parts, first, []);
  // A number or a reference finds so few that a sample would cost more.
  for (const lookup of lookups) {
    if (lookup.without || lookup.source.blocks) continue;
    if (await findsFew(db, lookup.source)) return wayOf(parts, lookup, []);
  }
  const percent = Math.min(100, (100 * sampled) / contacts);
  const alike = await readAlike(db, workspaceId, { parts, lookups, percent });
  if (alike.length === 0) return wayOf(parts, first, []);
  return cheapestWay(parts, lookups, alike, contacts);
}

/** Contacts `c` that a way finds, each once, with these columns; just their ids where there are none. */
export function foundByWay(workspaceId: string, way: Way, columns?: Fragment): Fragment {
  const { start, within, without, asked } = way;
  // Behind the offsets, so that the planner makes a set of each instead of lookups one by one.
  const inSets = (id: Fragment) =>
    all([
      ...within.map(set => sql`${id} in (select x.id from (${set.ids(null)} offset 0) x)`),
      ...without.map(set => sql`not exists (select 1 from (${set.ids(null)} offset 0) x where x.id = ${id})`),
    ]);
  const fit = all([living(workspaceId), ...asked.map(({ test }) => test)]);
  const shown = columns ?? sql`c.id`;
  if (start === undefined) return sql`select ${shown} from contact c where ${fit} and ${inSets(sql`c.id`)}`;
  const found = sql`(select s.* from (${start.ids(null)} offset 0) s where ${inSets(sql`s.id`)} offset 0)`;
  const known = columns === undefined && asked.length === 0 && livingOnly(way);
  if (start.again === undefined)
    return known
      ? sql`select c.id from ${found} c where true`
      : sql`select ${shown} from ${found} s ${eachOf(sql`s.id`)} where ${fit}`;
  // Behind the offset, so that it is asked last.
  return known
    ? sql`select c.id from ${found} c where not ${start.again}`
    : sql`select ${shown} from (select s.nth, c.* from ${found} s ${eachOf(sql`s.id`)} where ${fit} offset 0) c
    where not ${start.again}`;
}

/** The ids of up to `most` contacts that fit, and of each also other columns. */
export async function idsOfPlan(
  db: Queryable,
  workspaceId: string,
  plan: Plan,
  most: number,
  more?: Fragment,
): Promise<Fragment> {
  const way = await bestWay(db, workspaceId, plan);
  return idsOfWay(workspaceId, way, most, more && sql`c.id ${more}`);
}

/** Up to `most` contacts that a way finds. */
export function idsOfWay(workspaceId: string, way: Way, most: number, columns?: Fragment): Fragment {
  const { start, within, without, asked } = way;
  const alone = [...within, ...without, ...asked].length === 0;
  // A lookup that nothing else narrows can stop where we stop counting.
  if (start?.exact === 'living' && alone && !start.again && !columns) return start.ids(most);
  return sql`${foundByWay(workspaceId, way, columns)} ${limit(most)}`;
}

/** The ids of contacts that fit in their order, without a lookup of whose order nobody knows. */
export const pageOfPlan = (
  workspaceId: string,
  { test }: Plan,
  { after, limit: most }: { after: string | null; limit: number },
): Fragment =>
  sql`select c.id from contact c where ${living(workspaceId)} and ${test}
    ${after === null ? sql`` : sql`and c.id > ${after}`} order by c.id limit ${most}`;

/** The ids of up to `most` contacts that fit. */
export async function findPlan(db: Queryable, workspaceId: string, plan: Plan, most: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(await idsOfPlan(db, workspaceId, plan, most));
  return rows.map(({ id }) => id);
}
