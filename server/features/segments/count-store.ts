// Counts a plan: how many, in which countries, whom a campaign could reach, and some of them.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, join, sql } from '../../kit/db/sql.ts';
import { countedTo } from '../../kit/http/routes.ts';
import { hasOpenWindow, isOptedOut, type Plan, type Realm } from './facts-store.ts';
import { idsOfPlan, living } from './plan-store.ts';
import type { NumberedCondition } from './tree-store.ts';

/** How many people a sample shows. */
const shown = 6;

export interface CountRow {
  /** Up to 10,001. */
  total: number;
  /** A number of each group of numbers that begin alike, and how many there are. */
  numbers: { number: string | null; n: number }[];
  opted_out: number;
  unreachable: number;
  without_number: number;
  reachable: number;
  window_open: number;
  sample: string[];
}

const phone = sql`(select x.value from contact_address x where x.contact_id = c.id and x.kind = 'phone'
  order by x.number desc limit 1)`;

/** Counts the contacts that fit. */
export async function countPlan(db: Queryable, realm: Realm, plan: Plan): Promise<CountRow> {
  const ids = await idsOfPlan(db, realm.workspaceId, plan, countedTo + 1);
  const [row] = await db.query<CountRow>(sql`
    with found as materialized (${ids}),
    people as materialized (select c.id, ${phone} as phone, ${isOptedOut(realm, 'either').test} as opted_out,
        c.unreachable_at is not null as unreachable, ${hasOpenWindow(realm).test} as window_open
      from found f cross join lateral (select * from contact where id = f.id limit 1) c
      where (select count(*) from found) <= ${countedTo}),
    fates as (select window_open, case when opted_out then 'opted_out' when unreachable then 'unreachable'
      when phone is null then 'without_number' else 'reachable' end as fate from people)
    select (select count(*)::int from found) as total,
      (select coalesce(jsonb_agg(jsonb_build_object('number', number, 'n', n)), '[]')
        from (select min(phone) as number, count(*) as n from people group by left(phone, 5)) x) as numbers,
      count(*) filter (where fate = 'opted_out')::int as opted_out,
      count(*) filter (where fate = 'unreachable')::int as unreachable,
      count(*) filter (where fate = 'without_number')::int as without_number,
      count(*) filter (where fate = 'reachable')::int as reachable,
      count(*) filter (where fate = 'reachable' and window_open)::int as window_open,
      array(select id from found order by random() limit ${shown}) as sample
    from fates`);
  if (!row) throw new Error('the database did not count');
  return row;
}

/** How many of those who fit `match` are in each of the others; undefined if too many fit it. */
export async function countLeftOut(
  db: Queryable,
  realm: Realm,
  match: Plan,
  others: Plan[],
): Promise<number[] | undefined> {
  const flags = sql`, array[${join(others.map(({ test }) => test))}] as outs`;
  const ids = await idsOfPlan(db, realm.workspaceId, match, countedTo + 1, flags);
  const counts = others.map((_, place) => sql`count(*) filter (where outs[${place + 1}::int])::int`);
  const [row] = await db.query<{ total: number; outs: number[] }>(
    sql`with found as materialized (${ids}) select count(*)::int as total, array[${join(counts)}] as outs from found`,
  );
  return row && row.total <= countedTo ? row.outs : undefined;
}

/** How many of the newest contacts are asked where a count takes too long. */
const asked = 20_000;

/** How many of the newest contacts fit, and some of them: a count that always ends. */
export async function countNewest(
  db: Queryable,
  realm: Realm,
  { test }: Plan,
): Promise<{ total: number; sample: string[] }> {
  const [row] = await db.query<{ total: number; sample: string[] }>(sql`
    with found as materialized (select c.id from (select * from contact c where ${living(realm.workspaceId)}
      order by c.id desc limit ${asked}) c where ${test} limit ${countedTo})
    select (select count(*)::int from found) as total, array(select id from found order by random() limit ${shown}) as sample`);
  return row ?? { total: 0, sample: [] };
}

export interface SampleRow {
  id: string;
  name: string | null;
  phone: string | null;
  last_received_at: Date | null;
  /** Whether each of the conditions is true. */
  fits: boolean[];
}

/** The people of a sample, and which conditions are true for each. */
export async function readSample(
  db: Queryable,
  realm: Realm,
  ids: string[],
  conditions: NumberedCondition[],
): Promise<SampleRow[]> {
  if (ids.length === 0) return [];
  const fits: Fragment =
    conditions.length === 0 ? sql`'{}'::boolean[]` : sql`array[${join(conditions.map(({ plan }) => plan.test))}]`;
  return db.query<SampleRow>(sql`select c.id, c.name, ${phone} as phone,
      (select max(x.last_received_at) from conversation x where x.contact_id = c.id
        ${realm.accounts === undefined ? sql`` : sql`and x.account_id = any (${[...realm.accounts]}::uuid[])`}) as last_received_at,
      ${fits} as fits
    from contact c where ${living(realm.workspaceId)} and c.id = any (${ids}::uuid[]) order by last_received_at desc nulls last, c.id`);
}
