// The answer to a count: exact up to 10,000, and honest where counting takes too long.
import type { SegmentCount } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { AppError } from '../../kit/errors.ts';
import { countedTo } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import { countryOf } from '../../kit/text/country.ts';
import type { Compiled } from './compile-store.ts';
import { type CountRow, countLeftOut, countNewest, countPlan, readSample } from './count-store.ts';
import type { Realm } from './facts-store.ts';
import { countContacts, findPlan } from './plan-store.ts';

const isTooSlow = (error: unknown) => error instanceof AppError && error.code === 'list_too_slow';

/** Undefined where it takes too long. */
const inTime = async <Result>(work: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (isTooSlow(error)) return undefined;
    throw error;
  }
};

/** The countries of numbers that stand for those that begin alike, the largest first. */
function countriesOf(numbers: CountRow['numbers']): SegmentCount['countries'] {
  const counts = new Map<string | null, number>();
  for (const { number, n } of numbers) {
    const country = number === null ? null : countryOf(number);
    counts.set(country, (counts.get(country) ?? 0) + n);
  }
  return [...counts]
    .map(([country, count]) => ({ country, count }))
    .sort((a, b) => b.count - a.count || Number(a.country === null) - Number(b.country === null));
}

type Counted = Pick<SegmentCount, 'count' | 'more' | 'countries' | 'reach'> & { sample: string[] };

async function countWhole(db: Queryable, realm: Realm, { whole }: Compiled): Promise<Counted> {
  const row = await inTime(countPlan(db, realm, whole));
  if (row === undefined) {
    const { total, sample } = await countNewest(db, realm, whole);
    return { count: total, more: true, countries: null, reach: null, sample };
  }
  const { total, numbers, sample, ...reach } = row;
  if (total > countedTo) return { count: countedTo, more: true, countries: null, reach: null, sample };
  return { count: total, more: false, countries: countriesOf(numbers), reach: pick(reach), sample };
}

const pick = ({
  opted_out,
  unreachable,
  without_number,
  reachable,
  window_open,
}: Omit<CountRow, 'total' | 'numbers' | 'sample'>) => ({
  opted_out,
  unreachable,
  without_number,
  reachable,
  window_open,
});

/** Counts who belongs to a filter, with its parts and some of the people. */
export async function countCompiled(db: Queryable, realm: Realm, compiled: Compiled): Promise<SegmentCount> {
  const began = performance.now();
  const contacts = await countContacts(db, realm.workspaceId);
  const { sample, ...counted } = await countWhole(db, realm, compiled);
  const { leftOut, match, conditions } = compiled;
  const outs =
    leftOut.length === 0
      ? []
      : await inTime(
          countLeftOut(
            db,
            realm,
            match,
            leftOut.map(({ plan }) => plan),
          ),
        );
  const people = await readSample(db, realm, sample, conditions);
  return {
    ...counted,
    contacts,
    took_ms: Math.round(performance.now() - began),
    left_out: leftOut.map(({ id }, place) => ({ segment_id: toId('segment', id), fits: outs?.[place] ?? null })),
    sample: people.map(({ id, name, phone, last_received_at, fits }) => ({
      id: toId('contact', id),
      name,
      phone,
      last_received_at: last_received_at?.toISOString() ?? null,
      because: conditions.flatMap(({ path }, place) => (fits[place] ? [path] : [])),
    })),
  };
}

/** How many people belong to a filter now; null if more than 10,000, or if counting takes too long. */
export async function countToSave(db: Queryable, realm: Realm, { whole }: Compiled): Promise<number | null> {
  const ids = await inTime(findPlan(db, realm.workspaceId, whole, countedTo + 1));
  return ids === undefined || ids.length > countedTo ? null : ids.length;
}
