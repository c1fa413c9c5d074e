// Which parts of the history are still in the journal, and how they get out of it.
import { type BaileysEventMap, downloadAndProcessHistorySyncNotification, type proto } from 'baileys';
import { statusOf } from '../errors.ts';
import type { History } from '../receiving/history.ts';
import type { JournalEntry } from './journal-entry.ts';
import { historyOf, messageOf } from './journal-entry.ts';

type Event = Pick<BaileysEventMap['messaging-history.set'], 'syncType' | 'chunkOrder'>;
type Notification = proto.Message.IHistorySyncNotification;

interface Part {
  key: string;
  notification: Notification;
}

export interface HistoryJournal {
  /** Notes an entry that announces a part of the history. False for other entries. */
  note(key: string, entry: JournalEntry): boolean;
  /** The keys of the parts that an event of the library contains. */
  settledBy(event: Event): string[];
}

/** The parts that the library is fetching. */
export const createHistoryJournal = (): HistoryJournal => {
  const parts: Part[] = [];
  return {
    note(key, entry) {
      const notification = historyOf(messageOf(entry));
      if (notification) parts.push({ key, notification });
      return notification !== undefined;
    },
    settledBy({ syncType, chunkOrder }) {
      // The library takes one part after the other, so that only the last one may still be on its way.
      const last = parts.at(-1)?.notification;
      const hasLast = last?.syncType === syncType && (last?.chunkOrder ?? null) === (chunkOrder ?? null);
      return parts.splice(0, hasLast ? parts.length : parts.length - 1).map(({ key }) => key);
    },
  };
};

const goneStatuses = new Set([403, 404, 410]);

/** Fetches a part of the history that an earlier connection left over. Undefined: WhatsApp has it no more. */
export const fetchLeftOver = async (entry: JournalEntry): Promise<History | undefined> => {
  const notification = historyOf(messageOf(entry));
  if (!notification) return undefined;
  try {
    return await downloadAndProcessHistorySyncNotification(notification, {});
  } catch (error) {
    if (goneStatuses.has(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
};
