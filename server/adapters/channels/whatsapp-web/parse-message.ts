// Reads a message that a session delivered: what a person wrote, or what was written on the phone.
import type { WebKey, WebMessageItem } from '@recado/whatsapp-web';
import type { InboundItem, IncomingMessage } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import { given, readContent, unsupported } from './parse-content.ts';
import { openerOf } from './sealed-edit.ts';
import { unwrapped } from './unwrap.ts';
import { type Json, numberIn, personOf, requiredId, timeOf } from './values.ts';

/** How often a message was forwarded before WhatsApp calls it frequent. */
const manyForwards = 5;

/** Types of protocol messages, by name or number. */
const revoke = new Set<unknown>(['REVOKE', 0, undefined]);
const edit = new Set<unknown>(['MESSAGE_EDIT', 14]);
const sealedEdit = new Set<unknown>(['MESSAGE_EDIT', 2]);

/** What could not be read here, and may come again as the real message. */
const placeholders: Record<string, { code: string; title: string }> = {
  CIPHERTEXT: {
    code: 'undecryptable',
    title: 'The message could not be decrypted yet. The phone of the writer is asked to send it again.',
  },
  VIEW_ONCE: { code: 'view_once', title: 'A message to be viewed once can only be opened on the phone.' },
};

/** The message that it answers, and whether it was forwarded. */
function contextOf(info: Json | undefined): Json | undefined {
  const id = asString(info?.stanzaId);
  const score = numberIn(info?.forwardingScore) ?? 0;
  const forwarded = info?.isForwarded === true || score > 0;
  const context = given({
    id: id === undefined ? undefined : requiredId(id, 'stanzaId'),
    forwarded: forwarded || undefined,
    frequently_forwarded: score >= manyForwards || undefined,
  });
  return Object.keys(context).length > 0 ? context : undefined;
}

/** The ad that led the person here, with the fields that all channels share. */
function referralOf(info: Json | undefined): Json | undefined {
  const ad = asRecord(info?.externalAdReply);
  const sourceId = asString(ad?.sourceId);
  const click = asString(ad?.ctwaClid);
  if (!ad || (sourceId ?? click) === undefined) return undefined;
  return given({
    source_url: asString(ad.sourceUrl),
    source_id: sourceId,
    source_type: asString(ad.sourceType),
    headline: asString(ad.title),
    body: asString(ad.body),
    ctwa_clid: click,
  });
}

export function keyOf(value: unknown): WebKey {
  const key = asRecord(value);
  return {
    id: requiredId(key?.id, 'key.id'),
    remoteJid: requiredId(key?.remoteJid, 'key.remoteJid'),
    fromMe: key?.fromMe === true,
    participant: asString(key?.participant),
  };
}

/** What all messages of an item share. @throws if it names nobody, or has no time */
export function commonOf(item: { key?: unknown; person?: unknown; group?: unknown; at?: unknown }, numberId: string) {
  const key = keyOf(item.key);
  const { addresses, ...person } = personOf(item.person);
  const groupId = asString(item.group);
  const chat = [key.remoteJid, groupId !== undefined && key.participant].filter(Boolean).join(' ');
  const common = {
    kind: 'message' as const,
    numberId,
    direction: key.fromMe ? ('outbound' as const) : ('inbound' as const),
    ...person,
    channelMessageId: key.id,
    groupId: groupId === undefined ? undefined : requiredId(groupId, 'group'),
    chat: key.fromMe ? undefined : chat,
    context: undefined,
    referral: undefined,
    error: undefined,
    media: undefined,
    change: undefined,
    calledAt: undefined,
    at: timeOf(item.at),
  };
  return { key, addresses, common };
}

type Common = ReturnType<typeof commonOf>;

/** An edit or a deletion; null for another message of the protocol, which says nothing to people. */
function readProtocol(protocol: Json, { key, addresses, common }: Common): IncomingMessage | null {
  const id = asString(asRecord(protocol.key)?.id);
  const isEdit = edit.has(protocol.type);
  if (id === undefined || (!isEdit && !revoke.has(protocol.type))) return null;
  // A person may only change what they wrote.
  const changedBy = key.fromMe ? undefined : addresses;
  const base = { ...common, channelMessageId: requiredId(id, 'protocolMessage.key.id'), changedBy };
  if (!isEdit) return { ...base, ...unsupported('revoke'), change: 'revoked', unread: false };
  const found = readContent(unwrapped(asRecord(protocol.editedMessage) ?? {}), key);
  if (!found || found.read.type === 'unsupported') return null;
  return { ...base, ...found.read, change: 'edited', unread: true };
}

/** An edit that is sealed with the secret of its message; null for what else is sealed, such as changes of polls. */
function readSealed(sealed: Json, item: WebMessageItem, { key, addresses, common }: Common): IncomingMessage | null {
  const id = asString(asRecord(sealed.targetMessageKey)?.id);
  if (id === undefined || !sealedEdit.has(sealed.secretEncType)) return null;
  const bytes = (value: unknown) => Buffer.from(asString(value) ?? '', 'base64');
  const changed = requiredId(id, 'secretEncryptedMessage.targetMessageKey.id');
  const writers = asList(item.writer).flatMap(jid => asString(jid) ?? []);
  const parts = { id: changed, payload: bytes(sealed.encPayload), iv: bytes(sealed.encIv), writers };
  return {
    ...common,
    ...unsupported('edit'),
    channelMessageId: changed,
    changedBy: key.fromMe ? undefined : addresses,
    change: 'edited',
    unread: false,
    open: openerOf(parts, message => {
      const read = readContent(message, key)?.read;
      return read && read.type !== 'unsupported' ? { type: read.type, content: read.content } : undefined;
    }),
  };
}

/** A missing emoji removes the reaction. */
function readReaction(reaction: Json, common: Common['common']): IncomingMessage {
  const id = requiredId(asRecord(reaction.key)?.id, 'reactionMessage.key.id');
  const emoji = asString(reaction.text) ?? null;
  return {
    ...common,
    type: 'reaction',
    content: { channel_message_id: id, emoji },
    context: { id },
    unread: false,
  };
}

function readPlaceholder(stub: unknown, { key, common }: Common): IncomingMessage | null {
  const error = placeholders[asString(stub) ?? ''];
  // Only a message of a person is replaced once the real one comes.
  if (!error || key.fromMe) return null;
  return { ...common, ...unsupported(error.code), error, unread: true };
}

function readOf(item: WebMessageItem, all: Common): IncomingMessage | null {
  const { key, common } = all;
  const told = asRecord(item.message);
  if (!told) return readPlaceholder(item.stub, all);
  const message = unwrapped(told);
  const protocol = asRecord(message.protocolMessage);
  if (protocol) return readProtocol(protocol, all);
  const sealed = asRecord(message.secretEncryptedMessage);
  if (sealed) return readSealed(sealed, item, all);
  const reaction = asRecord(message.reactionMessage);
  if (reaction) return readReaction(reaction, common);
  const found = readContent(message, key);
  if (!found) return null;
  const { read, context } = found;
  return { ...common, ...read, context: contextOf(context), referral: referralOf(context), unread: true };
}

/** The message of an item; none for what says nothing to people. @throws if it cannot be read */
export function readMessage(item: WebMessageItem, numberId: string): InboundItem[] {
  const all = commonOf(item, numberId);
  // Nobody follows groups: what is written in them stays on the phone.
  if (all.common.groupId !== undefined) return [];
  const read = readOf(item, all);
  if (!read) return [];
  const isImported = item.source === 'history';
  const secret = read.change === undefined ? asString(item.secret) : undefined;
  return [{ ...read, ...(secret !== undefined && { secret }), ...(isImported && { isImported, unread: false }) }];
}
