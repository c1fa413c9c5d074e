// Presents events with what they are about. The log holds no texts and no numbers of people: they are read here, so that
// what was erased is in no event that is sent later.
import type { Message, PublicEvent } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { presentMessage } from '../messages/index.ts';
import { type EventRow, eventUuid, isShown, numberIn, present, shownData } from './event.ts';
import { eventsById } from './log-store.ts';
import { messagesById } from './message-store.ts';

/** A row with its event as the API shows it. */
export interface PresentedEvent {
  row: EventRow;
  event: PublicEvent;
}

/**
 * The events of these rows, in the same order. Rows that no caller sees, and those whose message is gone, are left out.
 */
export async function presentEvents(db: Queryable, rows: readonly EventRow[]): Promise<PresentedEvent[]> {
  const ids = [...new Set(rows.flatMap(({ message_id: id }) => id ?? []))];
  const found = ids.length === 0 ? [] : await messagesById(db, ids);
  const messages = new Map(found.map(row => [row.id, presentMessage(row)]));
  return rows.flatMap(row => {
    if (!isShown(row)) return [];
    const data = dataOf(row, messages);
    return data ? [{ row, event: present(row, data) }] : [];
  });
}

/** One event of a workspace by its UUID; undefined where it is gone. The caller checks who may see it. */
export async function findEvent(db: Queryable, workspaceId: string, uuid: string): Promise<PresentedEvent | undefined> {
  const number = numberIn(uuid);
  if (number === undefined) return undefined;
  const rows = (await eventsById(db, workspaceId, [number])).filter(row => eventUuid(row) === uuid);
  return (await presentEvents(db, rows))[0];
}

function dataOf(row: EventRow, messages: ReadonlyMap<string, Message>): Record<string, unknown> | undefined {
  // The file of a message that is gone.
  if (row.message_id === null && row.type.startsWith('media.')) return undefined;
  if (row.message_id === null) return shownData(row.data);
  const message = messages.get(row.message_id);
  return message && { message, number: row.number, details: row.data };
}
