// Parses Meta's webhook bodies: each item of each change of each entry, independently.
import { createHash } from 'node:crypto';
import { asDialled } from '../../../kit/text/phone.ts';
import type {
  InboundItem,
  IncomingMedia,
  IncomingMessage,
  Receipt,
  ReceiptStatus,
  Signal,
  UnreadableItem,
} from '../../../ports/channel.ts';
import { troubleOf } from './error-codes.ts';
import { asList, asRecord, asString, storable } from './json.ts';
import { hexDigest, isMediaId } from './media-endpoint.ts';

const receiptStatuses = new Set<string>(['sent', 'delivered', 'read', 'played', 'failed'] satisfies ReceiptStatus[]);
const readableTypes = new Set<string>(['text', 'image', 'video', 'audio', 'document', 'sticker', 'system']);
const fileless = new Set<string>(['text', 'system']);

type Json = Record<string, unknown>;

interface Change {
  field: string;
  value: Json;
  /** When Meta observed it; the same in each repeat. */
  time: unknown;
  /** The business account that it belongs to. */
  businessId: string | undefined;
}

/** The changes of a body, and the parts of it that are none. */
function readChanges(body: unknown): (Change | UnreadableItem)[] {
  const entries = asRecord(body)?.entry;
  if (!Array.isArray(entries)) return [unreadable('body_unreadable', 'the body has no entry', null)];
  return entries.flatMap(entry => {
    const record = asRecord(entry);
    if (!Array.isArray(record?.changes)) return [unreadable('body_unreadable', 'an entry has no changes', entry)];
    const told = asString(record.id);
    const businessId = told !== undefined && /^\d{1,50}$/.test(told) ? told : undefined;
    return record.changes.map(change => {
      const field = asString(asRecord(change)?.field);
      const value = asRecord(asRecord(change)?.value);
      if (field === undefined || !value)
        return unreadable('body_unreadable', 'a change has no field and value', change);
      return { field, value, time: record.time, businessId };
    });
  });
}

const unreadable = (
  code: UnreadableItem['code'],
  reason: string,
  item: unknown,
  numberId?: string | undefined,
): UnreadableItem => ({ kind: 'unreadable', code, reason, item, numberId });

const numberIdOf = (value: Json) => asString(asRecord(value.metadata)?.phone_number_id);

/** The ids of the phone numbers in a body; empty if it cannot be parsed or has none. */
export function numbersIn(raw: Buffer): string[] {
  try {
    return readChanges(storable(JSON.parse(raw.toString('utf8')))).flatMap(change =>
      'kind' in change ? [] : (numberIdOf(change.value) ?? []),
    );
  } catch {
    return [];
  }
}

/** What the value of a change of messages may have. Other lists in it are items that we do not process. */
const partsOfMessages = new Set(['messages', 'statuses', 'errors', 'contacts']);

/**
 * Every message, receipt, notice and account signal of a body, with the business account of its numbers. An item that
 * cannot be parsed is returned with the reason.
 * @throws SyntaxError if the body is not JSON
 */
export function parse(raw: Buffer): InboundItem[] {
  return readChanges(storable(JSON.parse(raw.toString('utf8')))).flatMap(change => {
    if ('kind' in change) return [change];
    return change.field === 'messages' ? readMessages(change) : readNews(change);
  });
}

function readMessages(change: Change): InboundItem[] {
  const { value, businessId } = change;
  const numberId = numberIdOf(value);
  const people = peopleOf(value);
  const read = (item: unknown, reader: (record: Json, numberId: string) => InboundItem): InboundItem => {
    const record = asRecord(item);
    if (!record || !numberId)
      return unreadable('item_unreadable', record ? 'no phone_number_id' : 'not an object', item, numberId);
    try {
      return reader(record, numberId);
    } catch (error) {
      return unreadable('item_unreadable', error instanceof Error ? error.message : String(error), item, numberId);
    }
  };
  const listOf = (name: string): unknown[] => {
    const list = value[name];
    return isAbsent(list) || Array.isArray(list) ? asList(list) : [list];
  };
  const others = Object.entries(value).filter(([name, list]) => !partsOfMessages.has(name) && Array.isArray(list));
  return [
    ...listOf('messages').map(item => read(item, (record, id) => readMessage(record, id, people))),
    ...listOf('statuses').map(item => read(item, readReceipt)),
    ...listOf('errors').map(item => read(item, (record, id) => readError(record, id, change))),
    ...others.map(([name, list]) =>
      unreadable('field_unknown', `Recado does not process this part of messages: ${name}`, list, numberId),
    ),
    ...(numberId !== undefined && businessId !== undefined ? [{ kind: 'number' as const, numberId, businessId }] : []),
  ];
}

/** Fields whose changes are notices. */
const noticeFields = new Set([
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'business_status_update',
  'business_username_updates',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
  'template_correct_category_detection',
  'user_id_update',
  'user_preferences',
]);

/** A change of another field: a notice, and a signal too if it is bad news. */
function readNews(change: Change): InboundItem[] {
  const { field, value, time, businessId } = change;
  const numberId = numberIdOf(value);
  if (!noticeFields.has(field))
    return [unreadable('field_unknown', `Recado does not process this field: ${field}`, value, numberId)];
  const signals = readSignal(change);
  if (signals.some(({ kind }) => kind === 'unreadable')) return signals;
  const phone = numberId === undefined ? phoneOf(value) : undefined;
  const hash = sha256(['notice', field, value, time]);
  const hasSignal = signals.length > 0;
  return [...signals, { kind: 'notice', field, numberId, phone, businessId, value, hasSignal, hash }];
}

const phoneOf = (value: Json): string | undefined => {
  const digits = asString(value.display_phone_number)?.replace(/\D/g, '');
  return digits ? `+${digits}` : undefined;
};

/** Whether the value is absent: missing as in Meta's own webhooks, or null or empty as some relays send it. */
const isAbsent = (value: unknown) => value === undefined || value === null || value === '';

/** A phone number without the + that Meta never writes. */
const digitsOf = (value: unknown) => asString(value)?.replace(/^\+/, '');

interface Person {
  name: string | undefined;
  digits: string | undefined;
  userId: string | undefined;
}

/** The people whom a change of messages names; `only` is the only one beside the only message, who must have written it. */
interface People {
  people: Person[];
  only: Person | undefined;
}

function peopleOf(value: Json): People {
  const people = asList(value.contacts).map(personIn);
  return { people, only: people.length === 1 && asList(value.messages).length === 1 ? people[0] : undefined };
}

function personIn(item: unknown): Person {
  const contact = asRecord(item);
  const digits = digitsOf(contact?.wa_id);
  return {
    name: asString(asRecord(contact?.profile)?.name)?.slice(0, 200).toWellFormed(),
    digits: digits !== undefined && isNumber(digits) ? digits : undefined,
    // A person who hides their number may have the user id in place of it.
    userId: userIdIn(contact?.user_id) ?? userIdIn(contact?.wa_id),
  };
}

const isNumber = (digits: string) => /^\d{5,20}$/.test(digits);

/** Meta's id of a person, as in US.13491208655302741918; undefined for anything else. */
const userIdIn = (value: unknown): string | undefined => {
  const text = asString(value);
  return text !== undefined && /^[A-Z]{2}\.[\w.-]{1,400}$/.test(text) ? text : undefined;
};

/** Bad news about the quality of one number, or about the business account (all of its numbers). */
function readSignal({ field, value, time, businessId }: Change): InboundItem[] {
  const event = asString(value.event);
  const title = `WhatsApp says ${event} (${field}).`;
  const hash = hashOf([field, value], time);
  const danger = { kind: 'signal', class: 'flagged', numberId: undefined } as const;
  if (field === 'phone_number_quality_update' && (event === 'FLAGGED' || event === 'DOWNGRADE')) {
    const phone = phoneOf(value);
    if (phone === undefined) return [unreadable('item_unreadable', 'no display_phone_number', value)];
    return [{ ...danger, phone, title, hash }];
  }
  const banned = asString(asRecord(value.ban_info)?.waba_ban_state) !== 'REINSTATE';
  const bad =
    event === 'ACCOUNT_VIOLATION' || event === 'ACCOUNT_RESTRICTION' || (event === 'DISABLED_UPDATE' && banned);
  return field === 'account_update' && bad ? [{ ...danger, phone: undefined, businessId, title, hash }] : [];
}

/** Identifies a repeat. Without a time we cannot distinguish a repeat from a second event. */
const hashOf = (told: unknown[], time: unknown): Buffer | undefined =>
  time === undefined ? undefined : sha256([...told, time]);

const sha256 = (told: unknown[]): Buffer => createHash('sha256').update(JSON.stringify(told)).digest();

const codeOf = (error: Json | undefined): string =>
  (asString(error?.code) ?? 'unspecified').slice(0, 50).toWellFormed();

/** Meta's text of an error. */
const wordsOf = (error: Json | undefined): string =>
  (
    asString(asRecord(error?.error_data)?.details) ??
    asString(error?.message) ??
    asString(error?.title) ??
    'The channel gave no reason.'
  )
    .slice(0, 500)
    .toWellFormed();

/** An error about the number, not about a message. @throws if it is not an error that holds an account */
function readError(error: Json, numberId: string, { field, time }: Change): Signal {
  const code = asString(error.code);
  const trouble = troubleOf(Number(code));
  const title = wordsOf(error);
  if (!trouble) throw new Error(`an error without a message: ${code === undefined ? '' : `${code} `}${title}`);
  const hash = hashOf([field, numberId, error], time);
  return { kind: 'signal', class: trouble, numberId, phone: undefined, title, hash };
}

function required(value: unknown, name: string): string {
  const text = asString(value);
  if (text === undefined) throw new Error(`no ${name}`);
  // Bytes, because indexes limit bytes.
  if (Buffer.byteLength(text) > 500) throw new Error(`${name} is too long`);
  return text;
}

function timeOf(value: unknown): Date {
  const seconds = Number(asString(value));
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 253_402_300_799)
    throw new Error('timestamp is not a time');
  return new Date(seconds * 1000);
}

/** Who wrote a message, or is told of in it. @throws if nobody is named */
function writerOf(
  record: Json,
  { people, only }: People,
): Pick<IncomingMessage, 'from' | 'userId' | 'formerUserId' | 'name'> {
  const given = digitsOf(record.from);
  const told = given !== undefined && isNumber(given) ? given : undefined;
  const toldId = isAbsent(record.from_user_id) ? userIdIn(record.from) : required(record.from_user_id, 'from_user_id');
  if (given !== undefined && told === undefined && toldId === undefined) throw new Error('from is not a number');
  const isNamed = ({ digits, userId }: Person) =>
    told === undefined ? userId !== undefined && userId === toldId : digits === told;
  const person = given === undefined && toldId === undefined ? only : people.find(isNamed);
  const digits = told ?? (given === undefined ? person?.digits : undefined);
  const change = idChangeIn(record, toldId ?? person?.userId);
  const id = change.now ?? change.before;
  if (digits !== undefined)
    return { from: { kind: 'phone', value: asDialled(`+${digits}`) }, userId: id, name: person?.name };
  if (id === undefined) throw new Error('no from');
  const formerUserId = change.before === id ? undefined : change.before;
  return { from: { kind: 'bsuid', value: id }, userId: id, formerUserId, name: person?.name };
}

/** The user id of a person after a message, and before if the message says that it changed. */
function idChangeIn(record: Json, told: string | undefined): { now: string | undefined; before: string | undefined } {
  const system = record.type === 'system' ? asRecord(record.system) : undefined;
  if (system?.type !== 'user_changed_user_id') return { now: told, before: undefined };
  const now = userIdIn(system.user_id) ?? told;
  const before = userIdIn(system.previous_user_id) ?? userIdIn(record.previous_user_id);
  return { now, before: before ?? (told === now ? undefined : told) };
}

function readMessage(record: Json, numberId: string, people: People): IncomingMessage {
  const given = required(record.type, 'type');
  const ofGroup = !isAbsent(record.group_id);
  const type = given === 'voice' ? 'audio' : given;
  // A system message: no person wrote it.
  const content = asRecord(record[given]) ?? (type === 'system' ? {} : undefined);
  const readable =
    !ofGroup && readableTypes.has(type) && content !== undefined && (type !== 'text' || isWritten(content.body));
  const data = record[given] ?? record.errors ?? null;
  return {
    kind: 'message',
    numberId,
    ...writerOf(record, people),
    channelMessageId: required(record.id, 'id'),
    type: readable ? (type as IncomingMessage['type']) : 'unsupported',
    content: readable
      ? contentOf(type, content)
      : ofGroup
        ? { type: 'group', data: { group_id: record.group_id, type: given, [given]: data } }
        : { type: given, data },
    context: asRecord(record.context) ?? contextOf(given, content),
    referral: asRecord(record.referral),
    error: errorOf(record),
    media: readable && !fileless.has(type) ? mediaOf(content, given) : undefined,
    at: timeOf(record.timestamp),
  };
}

/** The message that a person deleted or edited, as a context. */
function contextOf(type: string, content: Json | undefined): Json | undefined {
  const id = asString(content?.original_message_id);
  return (type === 'revoke' || type === 'edit') && id !== undefined ? { id } : undefined;
}

/** Meta's error in an item, or undefined. */
function errorOf(record: Json): IncomingMessage['error'] {
  const error = asRecord(asList(record.errors)[0]);
  return error && { code: codeOf(error), title: wordsOf(error) };
}

const isWritten = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** The fields whose types the API promises. We show other fields unchanged. */
const promised: Json = {
  preview_url: 'boolean',
  caption: 'string',
  filename: 'string',
  link: 'string',
  voice: 'boolean',
};

/**
 * The content as we store and show it. Meta's file URL expires in five minutes and needs the token; we link our own
 * file under `media`. Fields that break the API's promise are dropped. A system message keeps the channel's text.
 */
function contentOf(type: string, { url: _, ...content }: Json): Json {
  if (type === 'system') return content;
  const kept = ([name, value]: [string, unknown]) =>
    name !== 'media' && (!Object.hasOwn(promised, name) || typeof value === promised[name]);
  return Object.fromEntries(Object.entries(content).filter(kept));
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

function readReceipt(record: Json, numberId: string): Receipt {
  const status = required(record.status, 'status');
  if (!receiptStatuses.has(status)) throw new Error(`unknown status: ${status.slice(0, 50).toWellFormed()}`);
  return {
    kind: 'receipt',
    numberId,
    channelMessageId: required(record.id, 'id'),
    token: asString(record.biz_opaque_callback_data),
    status: status as ReceiptStatus,
    at: timeOf(record.timestamp),
    ...(status === 'failed' ? failureIn(record) : { code: '', title: '' }),
  };
}

function failureIn(record: Json): Pick<Receipt, 'code' | 'title' | 'trouble'> {
  const error = asRecord(asList(record.errors)[0]);
  const code = codeOf(error);
  const trouble = troubleOf(Number(code));
  return { code, title: wordsOf(error), ...(trouble && { trouble }) };
}
