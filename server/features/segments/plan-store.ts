// Chooses the lookup from which a plan finds its contacts fastest.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, join, sql } from '../../kit/db/sql.ts';
import { countedTo } from '../../kit/http/routes.ts';
import { limit, type Plan, type Source } from './facts-store.ts';

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
/** How much longer it takes to look a contact up than to read the next one. */
const lookUpCost = 3;

export const living = (workspaceId: string): Fragment => sql`c.workspace_id = ${workspaceId} and c.deleted_at is null`;

/** Look up one by one: the planner cannot estimate the hits, and might scan all contacts instead. */
export const eachOf = (id: Fragment): Fragment =>
  sql`cross join lateral (select * from contact where id = ${id} limit 1) c`;

/** The lookup that a plan begins with; what it finds must be in the other one too, where there is one. */
export type Start = Source & { within?: Source };

/** From so many contacts on, it pays to intersect two lookups before the contacts are read. */
const worthIntersecting = 1_000;
/** How many contacts of a lookup are intersected in the time in which one contact is read. */
const intersectedAtOnce = 5;

/**
 * The source from which a plan finds up to 10,001 contacts fastest; undefined if reading all contacts is no slower. A
 * sample tells how many contacts each source has, and how many fit.
 */
export async function narrowest(
  db: Queryable,
  workspaceId: string,
  { test, sources }: Plan,
): Promise<Start | undefined> {
  const [first, second] = sources;
  if (first === undefined || (second === undefined && !first.blocks)) return first;
  const contacts = await countContacts(db, workspaceId);
  if (contacts <= few) return first;
  // A number or a reference finds so few that a sample would cost more.
  for (const source of sources) {
    if (source.blocks) continue;
    const [found] = await db.query<{ n: number }>(sql`select count(*) as n from (${source.ids(handful + 1)}) x`);
    if ((found?.n ?? 0) <= handful) return source;
  }
  const counts = [test, ...sources.map(source => source.test)].map(each => sql`count(*) filter (where ${each})::int`);
  const percent = Math.min(100, (100 * sampled) / contacts);
  const [row] = await db.query<{
    n: number;
    fitting: number[];
  }>(sql`select count(*)::int as n, array[${join(counts)}] as fitting
    from contact c tablesample system (${percent}) where ${living(workspaceId)}`);
  if (!row || row.n === 0) return first;
  const [fit = 0, ...had] = row.fitting.map(count => (contacts * Math.max(count, 0.5)) / row.n);
  const enough = Math.min(1, (countedTo + 1) / fit);
  const costs = had.map((has, place) => lookUpCost * (sources[place]?.blocks ? has + has * enough : has * enough));
  const least = Math.min(...costs);
  const place = costs.indexOf(least);
  const source = sources[place];
  if (source === undefined || least > contacts * enough) return undefined;
  const read = (had[place] ?? 0) * enough;
  const [other] = had
    .map((has, index) => ({ has, source: sources[index] }))
    .filter((_, index) => index !== place)
    .sort((a, b) => a.has - b.has);
  const within = other?.source;
  if (!other || !within || read <= worthIntersecting || other.has >= intersectedAtOnce * read) return source;
  return { ...source, within };
}

/** Contacts `c` that a lookup finds and that fit, each once; all that fit, without a lookup. Some columns of them. */
export function foundBySource(
  workspaceId: string,
  source: Start | undefined,
  test: Fragment,
  columns: Fragment = sql`c.id`,
): Fragment {
  const where = sql`${living(workspaceId)} and ${test}`;
  if (source === undefined) return sql`select ${columns} from contact c where ${where}`;
  const within = source.within && sql`where s.id in (select o.id from (${source.within.ids(null)}) o offset 0)`;
  const ids = within ? sql`select s.* from (${source.ids(null)}) s ${within}` : source.ids(null);
  const from = sql`(${ids} offset 0) s ${eachOf(sql`s.id`)} where ${where}`;
  if (source.again === undefined) return sql`select ${columns} from ${from}`;
  // Behind the offset, so that it is asked last.
  return sql`select ${columns} from (select s.nth, c.* from ${from} offset 0) c
    where not ${source.again}`;
}

/** The ids of up to `most` contacts that fit, and of each also other columns. */
export async function idsOfPlan(
  db: Queryable,
  workspaceId: string,
  plan: Plan,
  most: number,
  more?: Fragment,
): Promise<Fragment> {
  const source = await narrowest(db, workspaceId, plan);
  if (source?.exact === 'living' && !more) return source.ids(most);
  const tested = source?.exact ? sql`true` : plan.test;
  return sql`${foundBySource(workspaceId, source, tested, sql`c.id ${more ?? sql``}`)} ${limit(most)}`;
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
