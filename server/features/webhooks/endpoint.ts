// An endpoint: its row, and how it is shown.
import type {
  DeliveryAttempt,
  DeliveryError,
  DeliveryStatus,
  DisabledReason,
  Endpoint,
  EndpointDelivery,
  EndpointFormat,
  EndpointReplay,
  EndpointStatus,
  EventFilter,
  Permission,
} from '@recado/contract';
import { type Encrypter, placeOf } from '../../kit/crypto/encryption.ts';
import { toId } from '../../kit/ids.ts';
import { eventUuid } from '../events/index.ts';

export interface EndpointRow {
  id: string;
  workspace_id: string;
  url: string;
  description: string | null;
  event_types: string[] | null;
  accounts: string[] | null;
  permissions: Permission[];
  filter: EventFilter | null;
  header_names: string[];
  format: EndpointFormat;
  rate_messages: number | null;
  rate_seconds: number | null;
  concurrency: number;
  sees_numbers: boolean;
  status: EndpointStatus;
  disabled_reason: DisabledReason | null;
  failing_since: Date | null;
  creator_kind: 'person' | 'api_key';
  created_by: string;
  created_at: Date;
}

/** Where the encrypted texts of an endpoint are. */
export const placeOfSecret = (id: string) => placeOf('endpoint', 'secret', id);
export const placeOfFormerSecrets = (id: string) => placeOf('endpoint', 'former_secrets', id);
export const placeOfHeaders = (id: string) => placeOf('endpoint', 'headers', id);

/** A secret that still signs, until a time in milliseconds. */
export interface FormerSecret {
  secret: string;
  until: number;
}

/** The former secrets of an endpoint that sign at a time, the oldest first. @throws DecryptionError */
export function openFormer(
  encrypter: Pick<Encrypter, 'open'>,
  { id, former_secrets: encrypted }: { id: string; former_secrets: string | null },
  now: number,
): FormerSecret[] {
  if (encrypted === null) return [];
  const former = JSON.parse(encrypter.open(encrypted, placeOfFormerSecrets(id))) as FormerSecret[];
  return former.filter(({ until }) => until > now);
}

const iso = (time: Date | null) => time?.toISOString() ?? null;

export const presentEndpoint = (row: EndpointRow): Endpoint => ({
  id: toId('endpoint', row.id),
  url: row.url,
  description: row.description,
  event_types: row.event_types,
  account_ids: row.accounts?.map(id => toId('account', id)) ?? null,
  filter: row.filter,
  header_names: row.header_names,
  format: row.format,
  rate_limit:
    row.rate_messages === null || row.rate_seconds === null
      ? null
      : { messages: row.rate_messages, seconds: row.rate_seconds },
  concurrency: row.concurrency,
  sees_numbers: row.sees_numbers,
  status: row.status,
  disabled_reason: row.disabled_reason,
  failing_since: iso(row.failing_since),
  created_by: toId(row.creator_kind, row.created_by),
  created_at: row.created_at.toISOString(),
});

export interface DeliveryRow {
  seq: number;
  endpoint_id: string;
  event_id: number;
  event_type: string;
  event_at: Date;
  account_id: string | null;
  replay_id: string | null;
  status: DeliveryStatus;
  attempts: number;
  http_status: number | null;
  error: DeliveryError | null;
  /** Null once it is over. */
  due_at: Date | null;
  created_at: Date;
  ended_at: Date | null;
}

/** The UUID of a delivery is made like that of an event: of its time and its number. */
export const deliveryId = ({ seq, created_at }: Pick<DeliveryRow, 'seq' | 'created_at'>): string =>
  toId('delivery', eventUuid({ id: seq, at: created_at }));

export const presentDelivery = (row: DeliveryRow): EndpointDelivery => ({
  id: deliveryId(row),
  endpoint_id: toId('endpoint', row.endpoint_id),
  event_id: toId('event', eventUuid({ id: row.event_id, at: row.event_at })),
  event_type: row.event_type,
  account_id: row.account_id === null ? null : toId('account', row.account_id),
  replay_id: row.replay_id === null ? null : toId('endpoint_replay', row.replay_id),
  status: row.status,
  attempt_count: row.attempts,
  http_status: row.http_status,
  error: row.error,
  next_attempt_at: iso(row.due_at),
  created_at: row.created_at.toISOString(),
  ended_at: iso(row.ended_at),
});

export interface AttemptRow {
  number: number;
  started_at: Date;
  duration_ms: number;
  http_status: number | null;
  error: DeliveryError | null;
  excerpt: string | null;
  next_at: Date | null;
}

export const presentAttempt = ({ next_at, ...row }: AttemptRow): DeliveryAttempt => ({
  ...row,
  started_at: row.started_at.toISOString(),
  next_attempt_at: iso(next_at),
});

export interface ReplayRow {
  id: string;
  workspace_id: string;
  endpoint_id: string;
  kind: 'replay' | 'recover';
  from_at: Date;
  until_at: Date;
  event_types: string[] | null;
  /** The event or delivery that was examined last. */
  after: number;
  examined: number;
  queued: number;
  created_at: Date;
  ended_at: Date | null;
}

export const presentReplay = (row: ReplayRow): EndpointReplay => ({
  id: toId('endpoint_replay', row.id),
  endpoint_id: toId('endpoint', row.endpoint_id),
  kind: row.kind,
  from: row.from_at.toISOString(),
  until: row.until_at.toISOString(),
  event_types: row.event_types,
  status: row.ended_at === null ? 'running' : 'done',
  examined: row.examined,
  queued: row.queued,
  created_at: row.created_at.toISOString(),
  ended_at: iso(row.ended_at),
});
