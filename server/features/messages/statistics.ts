// The statistics of messages over a stretch of time, out of one count.
import type { Statistics } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { CountRow } from './store.ts';

const rate = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000);

/** Adds the counts up. Rates are of what the channel took; the failure rate is of what has an outcome. */
export function addUp(rows: CountRow[], from: Date, until: Date): Statistics {
  const outbound = rows.filter(row => row.direction === 'outbound');
  const sum = (some: CountRow[]) => some.reduce((total, row) => total + row.messages, 0);
  const withStatus = (...statuses: string[]) => sum(outbound.filter(row => statuses.includes(row.status)));
  const groups = (keyOf: (row: CountRow) => string) => {
    const byKey = new Map<string, CountRow[]>();
    for (const row of rows) byKey.set(keyOf(row), [...(byKey.get(keyOf(row)) ?? []), row]);
    return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  };
  const directions = (some: CountRow[]) => ({
    outbound: sum(some.filter(row => row.direction === 'outbound')),
    inbound: sum(some.filter(row => row.direction === 'inbound')),
  });
  const sent = outbound.reduce((total, row) => total + row.accepted, 0);
  const delivered = withStatus('delivered', 'read', 'played');
  const failed = withStatus('failed');
  const settled = withStatus('sent') + delivered + failed;
  return {
    from: from.toISOString(),
    until: until.toISOString(),
    sent,
    received: sum(rows.filter(row => row.direction === 'inbound')),
    by_status: Object.fromEntries(
      groups(row => row.status)
        .map(([status, some]) => [status, sum(some.filter(row => row.direction === 'outbound'))] as const)
        .filter(([, count]) => count > 0),
    ),
    by_type: Object.fromEntries(groups(row => row.type).map(([type, some]) => [type, directions(some)])),
    by_day: groups(row => row.day).map(([day, some]) => ({
      day,
      ...directions(some),
      failed: sum(some.filter(row => row.direction === 'outbound' && row.status === 'failed')),
    })),
    by_account: groups(row => row.account_id).map(([id, some]) => ({
      account_id: toId('account', id),
      ...directions(some),
    })),
    delivery_rate: rate(delivered, sent),
    read_rate: rate(withStatus('read', 'played'), sent),
    failure_rate: rate(failed, settled),
  };
}
