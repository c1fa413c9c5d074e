// Reads the messages of Meta's webhooks, each type in its own shape, and the calls.
import { type AnyMessageType, contentTypes } from '@recado/contract';
import type { IncomingMedia, IncomingMessage, IncomingPerson } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import { hexDigest, isMediaId } from './media-endpoint.ts';
import { type People, personOf } from './parse-person.ts';
import { codeOf, isAbsent, type Json, required, timeOf, wordsOf } from './parse-values.ts';

type Read = Pick<IncomingMessage, 'type' | 'content' | 'media'>;

/** A message that a person wrote, or a notice about a person. @throws if it cannot be read */
export function readMessage(record: Json, numberId: string, people: People): IncomingMessage {
  return messageOf(record, numberId, personOf(record, people));
}

/** A message that the business wrote on its own phone, or another partner for it. @throws if it cannot be read */
export function readEcho(echo: Json, numberId: string, people: People): IncomingMessage {
  // Some echoes have the message inside, and the user id of the person as its recipient.
  const { message, ...outer } = echo;
  const inner = asRecord(message);
  const record = inner ? { ...outer, ...inner, to_user_id: inner.to_user_id ?? inner.recipient } : echo;
  return { ...messageOf(record, numberId, personOf(record, people, 'to')), direction: 'outbound' };
}

function messageOf(record: Json, numberId: string, person: IncomingPerson): IncomingMessage {
  const given = required(record.type, 'type');
  const common = {
    kind: 'message' as const,
    numberId,
    direction: 'inbound' as const,
    ...person,
    groupId: isAbsent(record.group_id) ? undefined : required(record.group_id, 'group_id'),
    referral: asRecord(record.referral),
    error: errorOf(record.errors),
    at: timeOf(record.timestamp),
    calledAt: undefined,
  };
  const change = changeOf(given, asRecord(record[given]));
  if (change) return { ...common, ...change, context: undefined, unread: change.change === 'edited' };
  const read = contentOf(given, record);
  return {
    ...common,
    ...read,
    channelMessageId: required(record.id, 'id'),
    context: contextOf(read, record),
    change: undefined,
    unread: contentTypes[read.type].canBeUnread,
  };
}

/** A reaction names its message as a reply does. After a hand-over, a summary of the conversation before it is beside. */
function contextOf({ type, content }: Read, record: Json): Json | undefined {
  const context = asRecord(record.context);
  const told = isAbsent(record.conversation_context) ? {} : { conversation_context: record.conversation_context };
  const target = type === 'reaction' ? { id: (content as Json).channel_message_id } : {};
  const whole = { ...context, ...told, ...target };
  return Object.keys(whole).length === 0 ? context : whole;
}

/** An edit has the new content of its message; a deletion has none. Undefined if it is neither, or names no message. */
function changeOf(given: string, content: Json | undefined) {
  const id = asString(content?.original_message_id);
  if (id === undefined) return undefined;
  const channelMessageId = required(id, 'original_message_id');
  if (given === 'revoke')
    return { change: 'revoked' as const, channelMessageId, ...unsupported(given, content), media: undefined };
  const message = asRecord(content?.message);
  const type = asString(message?.type);
  if (given !== 'edit' || !message || type === undefined) return undefined;
  const read = contentOf(type, message);
  return read.type === 'unsupported' ? undefined : { change: 'edited' as const, channelMessageId, ...read };
}

const unsupported = (type: string, data: unknown) => ({
  type: 'unsupported' as const,
  content: { type, data: data ?? null },
});

/** The content of a message in its own shape; as `unsupported` what cannot be read, or is of a type of the future. */
function contentOf(given: string, record: Json): Read {
  const type = given === 'voice' ? 'audio' : given;
  const content = isType(type) ? readers[type](record[given]) : undefined;
  if (!isType(type) || content === undefined)
    return { ...unsupported(given, record[given] ?? record.errors), media: undefined };
  const media = contentTypes[type].file === 'itself' ? mediaOf(asRecord(record[given]) ?? {}, given) : undefined;
  return { type, content, media };
}

const isType = (name: string): name is AnyMessageType => Object.hasOwn(contentTypes, name);

type Reader = (value: unknown) => Json | Json[] | undefined;

const object =
  (read: (content: Json) => Json | undefined): Reader =>
  value => {
    const content = asRecord(value);
    return content && read(content);
  };
const notReceived: Reader = () => undefined;

/** The content of each type. Undefined if it cannot be read, or does not come in this way. */
const readers: Record<AnyMessageType, Reader> = {
  text: object(content => (typeof content.body === 'string' && content.body !== '' ? shaped(content) : undefined)),
  image: object(shaped),
  video: object(shaped),
  audio: object(shaped),
  document: object(shaped),
  sticker: object(shaped),
  location: object(locationIn),
  contacts(value) {
    const cards = asList(value).filter(card => asRecord(card) !== undefined) as Json[];
    return cards.length > 0 ? cards : undefined;
  },
  reaction: object(reactionIn),
  interactive: object(content => (asString(content.type) === undefined ? undefined : shaped(content))),
  template: notReceived,
  button: object(shaped),
  order: object(shaped),
  // Calls come under a field of their own.
  call: notReceived,
  system: value => asRecord(value) ?? {},
  unsupported: notReceived,
};

/** Numbers may come as texts. */
function locationIn(content: Json): Json | undefined {
  const [latitude, longitude] = [content.latitude, content.longitude].map(value => Number(asString(value)));
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return undefined;
  const { name, address, url } = content;
  const texts = Object.entries({ name, address, url }).filter(([, text]) => typeof text === 'string');
  return { latitude, longitude, ...Object.fromEntries(texts) };
}

/** A missing or empty emoji removes the reaction. */
function reactionIn(content: Json): Json | undefined {
  const id = asString(content.message_id);
  return id === undefined ? undefined : { channel_message_id: id, emoji: asString(content.emoji) ?? null };
}

/** The fields whose types the API promises. We show other fields unchanged. */
const promised: Json = {
  preview_url: 'boolean',
  caption: 'string',
  filename: 'string',
  link: 'string',
  voice: 'boolean',
  text: 'string',
  payload: 'string',
  type: 'string',
  button_reply: 'object',
  list_reply: 'object',
  nfm_reply: 'object',
};
const replies = new Set(['button_reply', 'list_reply']);

/**
 * The content as we store and show it. Meta's file URL expires in five minutes and needs the token; we link our own
 * file under `media`. Fields that break the API's promise are dropped.
 */
function shaped({ url: _, ...content }: Json): Json {
  const keeps = ([name, value]: [string, unknown]) =>
    name !== 'media' &&
    (!Object.hasOwn(promised, name) ||
      (promised[name] === 'object' ? asRecord(value) !== undefined : typeof value === promised[name]));
  const kept = Object.entries(content)
    .filter(keeps)
    .map(([name, value]) => [name, replies.has(name) ? textsOf(value as Json) : value]);
  return Object.fromEntries(kept);
}

const textsOf = (reply: Json): Json =>
  Object.fromEntries(
    Object.entries(reply).filter(([name, value]) => !['id', 'title'].includes(name) || typeof value === 'string'),
  );

/** Meta's error in an item, or undefined. */
export function errorOf(errors: unknown): IncomingMessage['error'] {
  const error = asRecord(asList(errors)[0]);
  return error && { code: codeOf(error), title: wordsOf(error) };
}

function mediaOf(content: Json, given: string): IncomingMedia | undefined {
  const channelMediaId = asString(content.id);
  if (channelMediaId === undefined || !isMediaId(channelMediaId)) return undefined;
  return {
    channelMediaId,
    mimeType: asString(content.mime_type)?.slice(0, 200).toWellFormed(),
    sha256: hexDigest(asString(content.sha256)),
    caption: asString(content.caption),
    fileName: asString(content.filename)?.slice(0, 255).toWellFormed(),
    voice: given === 'voice' || content.voice === true,
  };
}
