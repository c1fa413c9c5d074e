// A report: figures with their rates, by a grouping, beside those of the period before.
import {
  channelCodes,
  type FigureGroup,
  type Figures,
  type StatisticsGrouping,
  type StatisticsReport,
} from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { toId } from '../../kit/ids.ts';
import { countriesOf } from '../../kit/text/country.ts';
import {
  type FigureRow,
  figuresByKey,
  figuresByTime,
  isOfOutbound,
  type KeyGrouping,
  namesOf,
  rangeOf,
  totalOf,
} from './report-store.ts';

export interface ReportRequest {
  /** Undefined: the start of the day of the last moment. */
  from: Date | undefined;
  until: Date;
  zone: string;
  /** Undefined: all that the connection may see. */
  accountIds: string[] | undefined;
  /** Whether the figures of the period before are asked for, too. */
  compare: boolean;
}

const mostGroups = 500;

const rate = (part: number, of: number, open: number) => ({
  rate: of === 0 ? null : Math.round((part / of) * 10_000) / 10_000,
  of,
  open,
});

/** The figures of a row, with their rates: each says of how many it is, and how many may still change it. */
function figuresOf(row: FigureRow): Figures {
  const { outbound, inbound, waiting, sending, unknown, sent, delivered, read, failed, cancelled, expired } = row;
  return {
    ...{ outbound, inbound, waiting, sending, unknown, sent, delivered, read, failed, cancelled, expired },
    delivery: rate(delivered, sent, row.undelivered),
    reading: rate(read, delivered, delivered - read),
    failure: rate(failed, sent + failed - row.taken, row.undelivered),
  };
}

const none: FigureRow = {
  ...{ key: null, local: null, outbound: 0, inbound: 0, waiting: 0, sending: 0, unknown: 0, sent: 0, delivered: 0 },
  ...{ read: 0, failed: 0, cancelled: 0, expired: 0, undelivered: 0, taken: 0, first_at: null, last_at: null },
};

const counted = [
  ...(['outbound', 'waiting', 'sending', 'unknown', 'sent', 'delivered', 'read', 'failed', 'cancelled'] as const),
  ...(['expired', 'undelivered', 'taken'] as const),
];

const isOfTime = (grouping: StatisticsGrouping): grouping is 'hour' | 'day' =>
  grouping === 'hour' || grouping === 'day';

/** Whether each message of a range is in one of the groups, so that they add up to the total. */
const addsUp = (grouping: StatisticsGrouping) => isOfTime(grouping) || grouping === 'account';

/** Groups as one. */
function sumOf(rows: FigureRow[]): FigureRow {
  const sum = { ...none };
  for (const row of rows) {
    for (const name of counted) sum[name] += row[name];
    sum.inbound = (sum.inbound ?? 0) + (row.inbound ?? 0);
  }
  return sum;
}

/** Reads the report of a workspace. The groups of a period are read by one statement, so they belong together. */
export async function readReport(
  db: Queryable,
  workspaceId: string,
  request: ReportRequest & {
    /** Whether the connection sees all accounts of the workspace. */
    isWhole: boolean;
    groupBy: StatisticsGrouping | undefined;
  },
): Promise<StatisticsReport> {
  const { zone, accountIds, isWhole, groupBy } = request;
  const range = await rangeOf(db, request);
  const before = range.previous && { ...range.previous, accountIds, isWhole };
  const during = { from: range.from, until: range.until, accountIds, isWhole };
  const rowsOf = (period: typeof during): Promise<FigureRow[]> =>
    groupBy === undefined
      ? Promise.resolve([])
      : isOfTime(groupBy)
        ? figuresByTime(db, workspaceId, period, groupBy, zone)
        : figuresByKey(db, workspaceId, period, groupBy);
  const totalIn = (period: typeof during, rows: FigureRow[]) =>
    groupBy !== undefined && addsUp(groupBy) ? sumOf(rows) : totalOf(db, workspaceId, period);
  const [rows, earlier] = await Promise.all([rowsOf(during), before ? rowsOf(before) : []]);
  const [total, previous] = await Promise.all([totalIn(during, rows), before && totalIn(before, earlier)]);
  const groups =
    groupBy === undefined
      ? []
      : isOfTime(groupBy)
        ? byTime(rows, before && earlier)
        : await byKey(db, workspaceId, { ...range, groupBy }, rows, before && earlier);
  return {
    from: range.from.toISOString(),
    until: range.until.toISOString(),
    time_zone: zone,
    previous_from: before?.from.toISOString() ?? null,
    previous_until: before?.until.toISOString() ?? null,
    group_by: groupBy ?? null,
    total: figuresOf(total),
    previous: previous && figuresOf(previous),
    groups,
  };
}

/** Hours and days beside those at the same place of the period before, which the clock of the zone showed alike. */
function byTime(rows: FigureRow[], earlier: FigureRow[] | null): FigureGroup[] {
  const start = Date.parse(`${rows[0]?.local}Z`) - Date.parse(`${earlier?.[0]?.local}Z`);
  const shown = (row: FigureRow, back = 0) => Date.parse(`${row.local}Z`) - back;
  const places = new Map((earlier ?? []).toReversed().map(row => [shown(row), row]));
  return rows.map(row => {
    const before = places.get(shown(row, start));
    return {
      key: row.key,
      name: null,
      ...figuresOf(row),
      previous: before ? figuresOf(before) : null,
      error: null,
      countries: null,
    };
  });
}

/** The id of a group as the API has it. Who has left has no kind any more, and was a person. */
function keyOf(grouping: KeyGrouping, key: string, kind: 'person' | 'api_key' | null): string {
  if (grouping === 'account' || grouping === 'campaign') return toId(grouping, key);
  return grouping === 'sender' ? toId(kind ?? 'person', key) : key;
}

/** The largest groups, with their names. One that the period before has alone is left out. */
async function byKey(
  db: Queryable,
  workspaceId: string,
  range: { from: Date; until: Date; groupBy: KeyGrouping },
  rows: FigureRow[],
  earlier: FigureRow[] | null,
): Promise<FigureGroup[]> {
  const { groupBy } = range;
  const size = ({ outbound, inbound }: FigureRow) => outbound + (inbound ?? 0);
  const largest = rows.toSorted((a, b) => size(b) - size(a) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
  const shown = largest.slice(0, mostGroups);
  const ids = shown.flatMap(({ key }) => key ?? []);
  const names = await namesOf(db, workspaceId, groupBy, ids, range);
  const before = new Map((earlier ?? []).map(row => [row.key, row]));
  const nothing = isOfOutbound(groupBy) ? { ...none, inbound: null } : none;
  return shown.map(row => {
    const named = names.get(row.key ?? '');
    return {
      key: row.key === null ? null : keyOf(groupBy, row.key, named?.kind ?? null),
      name: named?.name ?? (groupBy === 'template' ? row.key : null),
      ...figuresOf(row),
      previous: earlier && figuresOf(before.get(row.key) ?? nothing),
      error: groupBy === 'error' ? errorOf(row) : null,
      countries: groupBy === 'country' && row.key !== null ? countriesOf(row.key) : null,
    };
  });
}

/** Who must act on an error, and what they can do. */
function errorOf({ key, first_at, last_at }: FigureRow): FigureGroup['error'] {
  if (!first_at || !last_at) return null;
  const code = channelCodes[key ?? ''];
  return {
    who: code?.who ?? null,
    advice: code?.advice ?? null,
    first_at: first_at.toISOString(),
    last_at: last_at.toISOString(),
  };
}
