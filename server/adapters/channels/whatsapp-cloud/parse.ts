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

function changesOf(body: unknown): Change[] {
  return asList(asRecord(body)?.entry).flatMap(entry =>
    asList(asRecord(entry)?.changes).flatMap(change => {
      const record = asRecord(change);
      const field = asString(record?.field);
      const value = asRecord(record?.value);
      const told = asString(asRecord(entry)?.id);
      const businessId = told !== undefined && /^\d{1,50}$/.test(told) ? told : undefined;
      return field !== undefined && value ? [{ field, value, time: asRecord(entry)?.time, businessId }] : [];
    }),
  );
}

const numberIdOf = (value: Json) => asString(asRecord(value.metadata)?.phone_number_id);

/** The ids of the phone numbers in a body; empty if it cannot be parsed or has none. */
export function numbersIn(raw: Buffer): string[] {
  try {
    return changesOf(storable(JSON.parse(raw.toString('utf8')))).flatMap(({ value }) => numberIdOf(value) ?? []);
  } catch {
    return [];
  }
}

/**
 * Every message, receipt and account signal of a body, with the business account of its numbers. An item that cannot
 * be parsed is returned with the reason.
 * @throws SyntaxError if the body is not JSON
 */
export function parse(raw: Buffer): InboundItem[] {
  return changesOf(storable(JSON.parse(raw.toString('utf8')))).flatMap(change => {
    const { field, value, businessId } = change;
    if (field !== 'messages') return readSignal(change);
    const numberId = numberIdOf(value);
    const names = namesOf(value);
    const read = (item: unknown, reader: (record: Json, numberId: string) => InboundItem): InboundItem => {
      const record = asRecord(item);
      if (!record || !numberId)
        return { kind: 'unreadable', reason: record ? 'no phone_number_id' : 'not an object', item };
      try {
        return reader(record, numberId);
      } catch (error) {
        return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error), item };
      }
    };
    return [
      ...asList(value.messages).map(item => read(item, (record, id) => readMessage(record, id, names))),
      ...asList(value.statuses).map(item => read(item, readReceipt)),
      ...asList(value.errors).map(item => read(item, (record, id) => readError(record, id, change))),
      ...(numberId !== undefined && businessId !== undefined
        ? [{ kind: 'number' as const, numberId, businessId }]
        : []),
    ];
  });
}

/** Whether the value is absent: missing as in Meta's own webhooks, or null or empty as some relays send it. */
const isAbsent = (value: unknown) => value === undefined || value === null || value === '';

/** A phone number without the + that Meta never writes. */
const digitsOf = (value: unknown) => asString(value)?.replace(/^\+/, '');

function namesOf(value: Json): Map<string, string> {
  const names = new Map<string, string>();
  for (const contact of asList(value.contacts).map(asRecord)) {
    const name = asString(asRecord(contact?.profile)?.name)?.slice(0, 200).toWellFormed();
    if (!name) continue;
    for (const id of [digitsOf(contact?.wa_id), asString(contact?.user_id)]) if (id) names.set(id, name);
  }
  return names;
}

/** Bad news about the quality of one number, or about the business account (all of its numbers). */
function readSignal({ field, value, time, businessId }: Change): InboundItem[] {
  const event = asString(value.event);
  const title = `WhatsApp says ${event} (${field}).`;
  const hash = hashOf([field, value], time);
  const danger = { kind: 'signal', class: 'flagged', numberId: undefined } as const;
  if (field === 'phone_number_quality_update' && (event === 'FLAGGED' || event === 'DOWNGRADE')) {
    const digits = asString(value.display_phone_number)?.replace(/\D/g, '');
    if (!digits) return [{ kind: 'unreadable', reason: 'no display_phone_number', item: value }];
    return [{ ...danger, phone: `+${digits}`, title, hash }];
  }
  const banned = asString(asRecord(value.ban_info)?.waba_ban_state) !== 'REINSTATE';
  const bad =
    event === 'ACCOUNT_VIOLATION' || event === 'ACCOUNT_RESTRICTION' || (event === 'DISABLED_UPDATE' && banned);
  return field === 'account_update' && bad ? [{ ...danger, phone: undefined, businessId, title, hash }] : [];
}

/** Identifies a repeat. Without a time we cannot distinguish a repeat from a second event. */
const hashOf = (told: unknown[], time: unknown): Buffer | undefined =>
  time === undefined
    ? undefined
    : createHash('sha256')
        .update(JSON.stringify([...told, time]))
        .digest();

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

function readMessage(record: Json, numberId: string, names: Map<string, string>): IncomingMessage {
  if (!isAbsent(record.group_id)) throw new Error('group messages are not supported');
  const digits = digitsOf(record.from);
  const userId = isAbsent(record.from_user_id) ? undefined : required(record.from_user_id, 'from_user_id');
  if (digits !== undefined && !/^\d{5,20}$/.test(digits)) throw new Error('from is not a number');
  if (digits === undefined && userId === undefined) throw new Error('no from');
  const given = required(record.type, 'type');
  const type = given === 'voice' ? 'audio' : given;
  // A system message: no person wrote it.
  const content = asRecord(record[given]) ?? (type === 'system' ? {} : undefined);
  const readable = readableTypes.has(type) && content !== undefined && (type !== 'text' || isWritten(content.body));
  return {
    kind: 'message',
    numberId,
    from:
      digits !== undefined
        ? { kind: 'phone', value: asDialled(`+${digits}`) }
        : { kind: 'bsuid', value: userId as string },
    userId,
    name: names.get(digits ?? '') ?? names.get(userId ?? ''),
    channelMessageId: required(record.id, 'id'),
    type: readable ? (type as IncomingMessage['type']) : 'unsupported',
    content: readable ? contentOf(type, content) : { type: given, data: record[given] ?? record.errors ?? null },
    context: asRecord(record.context),
    referral: asRecord(record.referral),
    error: errorOf(record),
    media: readable && !fileless.has(type) ? mediaOf(content, given) : undefined,
    at: timeOf(record.timestamp),
  };
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
