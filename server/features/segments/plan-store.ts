// Chooses the lookup from which a plan finds its contacts fastest.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, join, sql } from '../../kit/db/sql.ts';
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
/** How many contacts are asked to estimate how many fit. */
const sampled = 2_000;
/** A lookup that has more of all contacts than this is no better than reading them all. */
const widest = 0.5;

export const living = (workspaceId: string): Fragment => sql`c.workspace_id = ${workspaceId} and c.deleted_at is null`;

/** Look up one by one: the planner cannot estimate the hits, and might scan all contacts instead. */
export const eachOf = (id: Fragment): Fragment =>
  sql`cross join lateral (select * from contact where id = ${id} limit 1) c`;

/** Of several sources the one with the fewest contacts; undefined if reading all contacts is no slower. */
export async function narrowest(db: Queryable, workspaceId: string, sources: Source[]): Promise<Source | undefined> {
  const [first, second] = sources;
  if (first === undefined || second === undefined) return first;
  const contacts = await countContacts(db, workspaceId);
  if (contacts <= few) return first;
  const counts = sources.map(({ test }) => sql`count(*) filter (where ${test})::int`);
  const percent = Math.min(100, (100 * sampled) / contacts);
  const [row] = await db.query<{
    n: number;
    fitting: number[];
  }>(sql`select count(*)::int as n, array[${join(counts)}] as fitting
    from contact c tablesample system (${percent}) where ${living(workspaceId)}`);
  if (!row || row.n === 0) return first;
  const least = Math.min(...row.fitting);
  return least > row.n * widest ? undefined : sources[row.fitting.indexOf(least)];
}

/** The ids of up to `most` contacts that fit, and of each also other columns. */
export async function idsOfPlan(
  db: Queryable,
  workspaceId: string,
  { test, sources }: Plan,
  most: number,
  more?: Fragment,
): Promise<Fragment> {
  const source = await narrowest(db, workspaceId, sources);
  if (source?.exact === 'living' && !more) return source.ids(most);
  const from = source ? sql`(${source.ids(null)}) s ${eachOf(sql`s.id`)}` : sql`contact c`;
  return sql`select c.id ${more ?? sql``} from ${from}
    where ${living(workspaceId)} ${source?.exact ? sql`` : sql`and ${test}`} ${limit(most)}`;
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
