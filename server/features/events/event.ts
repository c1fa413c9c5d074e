// An event: its row, its id, and how it is shown.
import { type EventName, type IdKind, idPrefixes, isEventName, type PublicEvent } from '@recado/contract';
import { toId } from '../../kit/ids.ts';

/** The place of an event in the log: (xid, id) orders events as their transactions began to write. */
export interface Position {
  /** The transaction, as a decimal text: it has 64 bits. */
  xid: string;
  id: number;
}

export interface EventRow extends Position {
  workspace_id: string;
  type: string;
  account_id: string | null;
  message_id: string | null;
  number: number | null;
  data: Record<string, unknown>;
  at: Date;
}

/**
 * The UUID of an event: a UUIDv7 of its time and its number in the table, which a backup keeps. After a restore the
 * numbers of lost events are used again, at another time, so their ids differ.
 */
export function eventUuid({ id, at }: Pick<EventRow, 'id' | 'at'>): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  const number = id.toString(16).padStart(15, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8${number.slice(0, 3)}-${number.slice(3)}`;
}

/** The number in the table that the UUID of an event has; undefined where it is the UUID of no event. */
export function numberIn(uuid: string): number | undefined {
  const number = Number.parseInt(uuid.slice(20).replace('-', ''), 16);
  return uuid.slice(14, 20) === '7000-8' && Number.isSafeInteger(number) ? number : undefined;
}

/** Whether callers see events of this type at all. */
export const isShown = (row: EventRow): row is EventRow & { type: EventName } => isEventName(row.type);

/** The event as the API shows it, with the data of its type. */
export const present = (row: EventRow & { type: EventName }, data: Record<string, unknown>): PublicEvent => ({
  id: toId('event', eventUuid(row)),
  type: row.type,
  timestamp: row.at.toISOString(),
  workspace_id: toId('workspace', row.workspace_id),
  account_id: row.account_id === null ? null : toId('account', row.account_id),
  data,
});

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const kindOf = (field: string): IdKind | undefined => {
  const kind = field.replace(/^(merged|from|to)_/, '').replace(/_id$/, '');
  return field.endsWith('_id') && Object.hasOwn(idPrefixes, kind) ? (kind as IdKind) : undefined;
};

/** The data of an event that is about no message: rows hold UUIDs, callers get typed ids. */
export const shownData = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([field, value]) => {
      const kind = kindOf(field);
      return [field, kind && typeof value === 'string' && uuidForm.test(value) ? toId(kind, value) : value];
    }),
  );

/** Whether one place of the log is behind another. */
export const isBeyond = (left: Position, right: Position): boolean => {
  if (left.xid === right.xid) return left.id > right.id;
  return left.xid.length === right.xid.length ? left.xid > right.xid : left.xid.length > right.xid.length;
};
