// The history that a new link brings along, as deliveries of at most 100 items.
import { type BaileysEventMap, isLidUser, isPnUser, toNumber, type WAMessage } from 'baileys';
import type { Gateway } from '../../driver.ts';
import type { WebItem, WebSamePersonItem } from '../../protocol.ts';
import type { Delivery } from '../journal/deliveries.ts';
import { isGroup } from '../journal/journal-entry.ts';
import { libraryItem, writerOf } from '../library/library-messages.ts';
import { type LidBook, lidOf, type Me, phoneOf } from '../person.ts';
import type { KnownPoll } from '../session/own-keys.ts';
import { pollOf } from './polls.ts';

/** What we take of the history. */
export type History = Pick<
  BaileysEventMap['messaging-history.set'],
  'chats' | 'contacts' | 'messages' | 'lidPnMappings'
>;

const chunkSize = 100;

const chunksOf = <Item>(list: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(list.length / chunkSize) }, (_, n) => list.slice(n * chunkSize, (n + 1) * chunkSize));

/** The item of a pair of addresses; undefined unless one is a number and the other a LID. */
export const samePerson = (one: string, other: string, name?: string): WebSamePersonItem | undefined => {
  const phone = phoneOf(one) ?? phoneOf(other);
  const lid = lidOf(one) ?? lidOf(other);
  return phone && lid ? { kind: 'same_person', phone, lid, name } : undefined;
};

const pairsOf = ({ contacts, lidPnMappings }: History): WebItem[] => {
  const fromContacts = contacts.map(({ id, lid, phoneNumber, name, notify }) => {
    const other = isLidUser(id) ? phoneNumber : isPnUser(id) ? lid : undefined;
    return other ? samePerson(id, other, notify ?? name) : undefined;
  });
  const learnt = (lidPnMappings ?? []).map(({ lid, pn }) => samePerson(lid, pn));
  return [...fromContacts, ...learnt].filter(item => item !== undefined);
};

const storePolls = async (messages: readonly WAMessage[], me: Me, gateway: Gateway): Promise<void> => {
  const polls: Record<string, string> = {};
  for (const message of messages) {
    const authors = message.key.fromMe ? [me.id, me.lid] : writerOf(message);
    const poll: KnownPoll | undefined = message.message ? pollOf(message.message, authors) : undefined;
    if (poll && message.key.id) polls[message.key.id] = JSON.stringify(poll);
  }
  if (Object.keys(polls).length > 0) await gateway.request('setKeys', { changes: { poll: polls } });
};

interface HistorySources {
  me: Me;
  book: LidBook;
  gateway: Gateway;
  /** Unix time in seconds: older messages are left out. */
  since: number;
}

/** The deliveries of a part of the history, each made when its turn comes. */
export const historyDeliveries = (
  history: History,
  { me, book, gateway, since }: HistorySources,
): (() => Promise<Delivery>)[] => {
  const recent = history.messages.filter(
    ({ key, message, messageTimestamp }) => message && !isGroup(key.remoteJid) && toNumber(messageTimestamp) >= since,
  );
  const pairs = chunksOf(pairsOf(history)).map(items => async () => ({ items, settled: [] }));
  const messages = chunksOf(recent).map(chunk => async () => {
    await storePolls(chunk, me, gateway);
    const items = await Promise.all(chunk.map(message => libraryItem(message, 'history', book)));
    return { items: items.filter(item => item !== undefined), settled: [] };
  });
  return [...pairs, ...messages];
};
