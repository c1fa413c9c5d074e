// A delivery of an alert, as it is shown.
import type { AlertDelivery } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { ShownDelivery } from './delivery-store.ts';
import { titleOf } from './texts.ts';

/** The row with the title of the first alert; a test has none. */
export const presentDelivery = (row: ShownDelivery): AlertDelivery => ({
  id: toId('alert_delivery', row.id),
  channel_id: toId('alert_channel', row.channel_id),
  channel: row.kind,
  to: row.person ?? row.target,
  news: row.news,
  alert_ids: row.alerts.map(id => toId('alert', id)),
  title: row.first === null ? 'A test of Recado' : titleOf(row.first),
  instead_of: row.instead_of,
  state: row.state,
  attempts: row.attempts,
  error: row.error,
  duration_ms: row.duration_ms,
  created_at: row.created_at.toISOString(),
  ended_at: row.ended_at?.toISOString() ?? null,
});
