// The statistics of messages over a stretch of time, out of one count.
import type { Statistics } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { CountRow } from './statistics-store.ts';

const rate = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000);

/** Adds the counts up. Rates are of what the channel took; the failure rate is of what has an outcome. */
export function addUp(rows: CountRow[], from: Date, until: Date): Statistics {
  const statuses = rows.filter(row => row.grouped_by === 'status');
  const outbound = new Map(statuses.filter(row => row.direction === 'outbound').map(row => [row.key, row]));
  const withStatus = (...some: string[]) =>
    some.reduce((total, status) => total + (outbound.get(status)?.messages ?? 0), 0);
  const groups = (by: CountRow['grouped_by']) => {
    const byKey = new Map<string, { outbound: number; inbound: number; failed: number }>();
    for (const { grouped_by, key, direction, messages, failed } of rows) {
      if (grouped_by !== by) continue;
      const group = byKey.get(key) ?? { outbound: 0, inbound: 0, failed: 0 };
      group[direction] += messages;
      if (direction === 'outbound') group.failed += failed;
      byKey.set(key, group);
    }
    return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  };
  const sent = [...outbound.values()].reduce((total, row) => total + row.accepted, 0);
  const received = statuses.reduce((total, row) => total + (row.direction === 'inbound' ? row.messages : 0), 0);
  const delivered = withStatus('delivered', 'read', 'played');
  const failed = withStatus('failed');
  const settled = withStatus('sent') + delivered + failed;
  return {
    from: from.toISOString(),
    until: until.toISOString(),
    sent,
    received,
    by_status: Object.fromEntries(
      groups('status')
        .map(([status, group]) => [status, group.outbound] as const)
        .filter(([, count]) => count > 0),
    ),
    by_type: Object.fromEntries(
      groups('type').map(([type, group]) => [type, { outbound: group.outbound, inbound: group.inbound }]),
    ),
    by_day: groups('day').map(([day, group]) => ({ day, ...group })),
    by_account: groups('account').map(([id, group]) => ({
      account_id: toId('account', id),
      outbound: group.outbound,
      inbound: group.inbound,
    })),
    delivery_rate: rate(delivered, sent),
    read_rate: rate(withStatus('read', 'played'), sent),
    failure_rate: rate(failed, settled),
  };
}
