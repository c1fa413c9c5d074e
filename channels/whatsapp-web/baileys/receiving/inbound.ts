// Everything that comes in, on its way to the gateway as items.
import type { BaileysEventMap } from 'baileys';
import type { Gateway } from '../../driver.ts';
import type { Log } from '../../log.ts';
import type { ProcessSettings, WebItem } from '../../protocol.ts';
import type { Deliveries, Delivery } from '../journal/deliveries.ts';
import { createHistoryJournal, fetchLeftOver } from '../journal/history-journal.ts';
import { historyOf, type JournalEntry, messageOf } from '../journal/journal-entry.ts';
import { libraryItem } from '../library/library-messages.ts';
import { type LidBook, type Me, personOf } from '../person.ts';
import type { Ack } from '../sending/acks.ts';
import { type ChatTimers, timerIn, timerOfChat } from '../session/chat-timers.ts';
import { readOwnKey } from '../session/own-keys.ts';
import { callItems } from './calls.ts';
import { type History, historyDeliveries, samePerson } from './history.ts';
import { itemsOf } from './items.ts';

interface InboundParts {
  deliveries: Deliveries;
  gateway: Gateway;
  settings: ProcessSettings;
  book: LidBook;
  timers: ChatTimers;
  me(): Me;
  /** Whether a message was written while we were away. */
  wasOffline(id: string): boolean;
  log: Log;
}

export interface Inbound {
  /** Delivers a message of the journal, which is settled with it. */
  addEntry(key: string, entry: JournalEntry): void;
  /** The same for what an earlier connection left over. */
  addLeftOver(key: string, entry: JournalEntry): void;
  /** Delivers what the events of the library say beyond the journal. */
  addEvents(events: Partial<BaileysEventMap>): void;
  /** Delivers an ack that no call waits for any more. */
  addAck(ack: Ack): void;
}

/** How many messages to remember, so that their events are not taken for others. */
const maxSeen = 5000;

const daySeconds = 86_400;

const nothing: Delivery = { items: [], settled: [] };

/** Turns what comes in into deliveries. */
export const createInbound = (parts: InboundParts): Inbound => {
  const { deliveries, gateway, settings, book, timers, me, wasOffline, log } = parts;
  const seen = new Set<string>();
  const see = (id: string): void => {
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= maxSeen) return;
      seen.delete(oldest);
    }
  };

  const add = (make: () => Promise<Delivery>): void =>
    deliveries.add(() =>
      make().catch(error => {
        // A message of the journal stays there, and is tried again when the session opens.
        log('error', 'Something that came in could not be read', { error });
        return nothing;
      }),
    );
  const addItems = (make: () => Promise<(WebItem | undefined)[]>): void =>
    add(async () => ({ items: (await make()).filter(item => item !== undefined), settled: [] }));

  const isSentByUs = async (id: string): Promise<boolean> =>
    (await readOwnKey(gateway, 'sent-message', id)) !== undefined;

  const addUpserts = ({ messages, type }: BaileysEventMap['messages.upsert']): void => {
    for (const message of messages) {
      const { id } = message.key;
      if (!id || seen.has(id)) continue;
      addItems(async () => {
        if (message.key.fromMe && (await isSentByUs(id))) return [];
        const item = await libraryItem(message, type === 'append' || wasOffline(id) ? 'offline' : 'live', book);
        if (item && message.message) await timers.learn(item.person, timerIn(message.message, item.at));
        return [item];
      });
    }
  };

  const learnTimers = (chats: BaileysEventMap['chats.update']): void =>
    add(async () => {
      for (const chat of chats) {
        const said = timerOfChat(chat);
        const person = said && (await personOf([chat.id ?? undefined], undefined, book));
        if (person) await timers.learn(person, said);
      }
      return nothing;
    });

  const histories = createHistoryJournal();
  const addHistory = (history: History, settled: string[]): void => {
    const since = Date.now() / 1000 - settings.historyDays * daySeconds;
    learnTimers(history.chats);
    for (const make of historyDeliveries(history, { me: me(), book, gateway, since })) add(make);
    add(async () => ({ items: [], settled }));
  };

  const addMessage = (key: string, entry: JournalEntry): void => {
    const readPoll = (id: string) => readOwnKey(gateway, 'poll', id);
    add(async () => ({
      items: await itemsOf(entry, { me: me(), book, timers, readPoll, isSentByUs }),
      settled: [key],
    }));
  };

  const addLeftOverHistory = (key: string, entry: JournalEntry): void => {
    fetchLeftOver(entry).then(
      history => (history ? addHistory(history, [key]) : add(async () => ({ items: [], settled: [key] }))),
      error => log('warn', 'A part of the history could not be fetched again', { error }),
    );
  };

  return {
    addEntry(key, entry) {
      see(entry.attrs.id ?? '');
      if (!histories.note(key, entry)) addMessage(key, entry);
    },
    addLeftOver(key, entry) {
      see(entry.attrs.id ?? '');
      if (historyOf(messageOf(entry))) addLeftOverHistory(key, entry);
      else addMessage(key, entry);
    },
    addEvents(events) {
      const history = events['messaging-history.set'];
      if (history) addHistory(history, histories.settledBy(history));
      if (events['chats.update']) learnTimers(events['chats.update']);
      const pair = events['lid-mapping.update'];
      if (pair) addItems(async () => [samePerson(pair.lid, pair.pn)]);
      if (events['messages.upsert']) addUpserts(events['messages.upsert']);
      const calls = events.call;
      if (calls) addItems(async () => (await Promise.all(calls.map(call => callItems(call, book)))).flat());
    },
    addAck({ id, from, error }) {
      const key = { id, remoteJid: from, fromMe: true };
      const status = error ? 'failed' : 'sent';
      const at = Math.floor(Date.now() / 1000);
      addItems(async () => [{ kind: 'receipt', key, status, participant: undefined, at, code: error }]);
    },
  };
};
