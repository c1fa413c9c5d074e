// Items of decrypted messages: what the gateway stores of them.
import { cleanMessage, normalizeMessageContent, type proto } from 'baileys';
import type { WebItem, WebKey } from '../../protocol.ts';
import { isGroup, type JournalEntry, messageOf } from '../journal/journal-entry.ts';
import { type LidBook, type Me, personOf } from '../person.ts';
import { type ChatTimers, timerIn } from '../session/chat-timers.ts';
import type { KnownPoll } from '../session/own-keys.ts';
import { secretOf, toPlain } from './plain.ts';
import { readVote } from './polls.ts';
import { type Envelope, readEnvelope } from './stanza.ts';

export interface ItemSources {
  me: Me;
  book: LidBook;
  timers: ChatTimers;
  readPoll(id: string): Promise<KnownPoll | undefined>;
  /** Whether this message was sent by us, and not written on the phone. */
  isSentByUs(id: string): Promise<boolean>;
}

const keyOf = (key: proto.IMessageKey, fallback: WebKey): WebKey => ({
  id: key.id ?? '',
  remoteJid: key.remoteJid ?? fallback.remoteJid,
  fromMe: key.fromMe === true,
  participant: fallback.participant === undefined ? undefined : (key.participant ?? undefined),
});

const voteItem = async (
  envelope: Envelope,
  message: proto.IMessage,
  { book, readPoll }: ItemSources,
): Promise<WebItem | undefined> => {
  const update = normalizeMessageContent(message)?.pollUpdateMessage;
  const pollKey = update?.pollCreationMessageKey;
  if (!update?.vote || !pollKey?.id) return undefined;
  const poll = await readPoll(pollKey.id);
  const writer = await personOf(envelope.writer, undefined, book);
  const voters = new Set([...envelope.writer, writer?.lid, writer?.phone && `${writer.phone.slice(1)}@s.whatsapp.net`]);
  const options = poll && readVote(poll, { pollId: pollKey.id, vote: update.vote, voters: [...voters] });
  const person = await personOf(envelope.person, envelope.name, book);
  if (!options || !person) return undefined;
  const { key, group, at } = envelope;
  return { kind: 'vote', key, poll: keyOf(pollKey, key), person, group, at, options };
};

/** The items of a message of the journal. None for our own sends that came back, nor for what was written in a group. */
export const itemsOf = async (entry: JournalEntry, sources: ItemSources): Promise<WebItem[]> => {
  const { me, book, timers, isSentByUs } = sources;
  const envelope = isGroup(entry.attrs.from) ? undefined : readEnvelope(entry.attrs, me);
  if (!envelope || (envelope.key.fromMe && (await isSentByUs(envelope.key.id)))) return [];
  const message = messageOf(entry);
  // Turns the key in a reaction or vote from its writer's view into ours.
  cleanMessage({ ...envelope.original, message }, me.id, me.lid ?? '');
  const vote = await voteItem(envelope, message, sources);
  if (vote) return [vote];
  const { key, name, group, at, source } = envelope;
  const person = await personOf(envelope.person, name, book);
  if (!person) return [];
  await timers.learn(person, timerIn(message, at));
  const lidOrNumber = envelope.key.fromMe
    ? []
    : [person.lid, person.phone && `${person.phone.slice(1)}@s.whatsapp.net`];
  const writer = [...new Set([...envelope.writer, ...lidOrNumber])].filter(jid => jid !== undefined);
  const read = { message: toPlain(message), stub: undefined, secret: secretOf(message) };
  const isSealed = message.secretEncryptedMessage !== undefined && message.secretEncryptedMessage !== null;
  return [{ kind: 'message', key, person, group, at, source, ...read, ...(isSealed && { writer }) }];
};
