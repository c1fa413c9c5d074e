// Parses Meta's webhook bodies: each item of each change of each entry, independently.

import { storableText } from '../../../kit/text/storable.ts';
import type {
  InboundItem,
  IncomingMessage,
  Notice,
  Pricing,
  Receipt,
  ReceiptStatus,
  Signal,
  UnreadableItem,
} from '../../../ports/channel.ts';
import { asList, asRecord, asString, storable } from '../json.ts';
import { troubleOf } from './error-codes.ts';
import { readCall, readCallStatus } from './parse-call.ts';
import { handoverNumberOf, readHandover } from './parse-handover.ts';
import { errorOf, readEcho, readMessage } from './parse-message.ts';
import { type People, peopleOf, phoneIn, userIdIn } from './parse-person.ts';
import { phoneOf, troublesIn } from './parse-trouble.ts';
import { codeOf, isAbsent, type Json, required, sha256, timeOf, unreadable, wordsOf } from './parse-values.ts';

const receiptStatuses = new Set<string>(['sent', 'delivered', 'read', 'played', 'failed'] satisfies ReceiptStatus[]);

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
      const value = asRecord(asRecord(change)?.value);
      const field = asString(asRecord(change)?.field) ?? impliedField(value);
      if (field === undefined || !value)
        return unreadable('body_unreadable', 'a change has no field and value', change);
      return { field, value, time: record.time, businessId };
    });
  });
}

/** The field of a change that has none, as emulators of Meta post it. */
const impliedField = (value: Json | undefined) =>
  Array.isArray(value?.messages) || Array.isArray(value?.statuses) ? 'messages' : undefined;

const numberIdOf = (value: Json) => asString(asRecord(value.metadata)?.phone_number_id);

/** The ids of the phone numbers in a body; empty if it cannot be parsed or has none. */
export function numbersIn(raw: Buffer): string[] {
  try {
    return readChanges(JSON.parse(raw.toString('utf8'))).flatMap(change => {
      const numberId = 'kind' in change ? undefined : handoverNumberOf(change.value);
      return numberId === undefined ? [] : [storableText(numberId)];
    });
  } catch {
    return [];
  }
}

interface Part {
  record: Json;
  numberId: string;
  change: Change;
  people: People;
}
/** Undefined for an item that another one contains. @throws if the item cannot be read */
type Reader = (part: Part) => InboundItem | undefined;

/** The fields whose items are about people: their lists, and how an item of each is read. */
const fieldsOfPeople: Record<string, Record<string, Reader>> = {
  messages: { messages: readWritten, statuses: readReceipt, user_actions: readClick, errors: readError },
  smb_message_echoes: { message_echoes: readOwnEcho },
  message_echoes: { message_echoes: readOwnEcho },
  standby: {
    messages: part => overheard(readWritten(part)),
    message_echoes: part => overheard(readOwnEcho(part)),
    statuses: readReceipt,
    errors: readError,
  },
  calls: {
    calls: part =>
      readCall(part.record, part.numberId, part.people, businessIn(part.change), errorsOfOne(part, 'calls')),
    statuses: ({ record, numberId, people }) => readCallStatus(record, numberId, people, record.errors),
    errors: part => (errorsOfOne(part, 'calls') ? undefined : readError(part)),
  },
};

/**
 * Every message, receipt, notice and account signal of a body, with the business account of its numbers. An item that
 * cannot be parsed is returned with the reason.
 * @throws SyntaxError if the body is not JSON
 */
export function parse(raw: Buffer): InboundItem[] {
  return readChanges(storable(JSON.parse(raw.toString('utf8')))).flatMap(change => {
    if ('kind' in change) return [change];
    if (change.field === 'messaging_handovers') return readHandovers(change);
    const readers = fieldsOfPeople[change.field];
    return readers ? readItems(withItsLists(change), readers) : readNews(change);
  });
}

/** A standby change has its lists one level below. */
function withItsLists(change: Change): Change {
  const lists = change.field === 'standby' ? asRecord(change.value.standby) : undefined;
  return lists ? { ...change, value: { ...lists, metadata: change.value.metadata } } : change;
}

function readHandovers({ value }: Change): InboundItem[] {
  const numberId = handoverNumberOf(value);
  if (!numberId) return [unreadable('item_unreadable', 'no phone_number_id', value)];
  try {
    return [readHandover(value, numberId)];
  } catch (error) {
    return [unreadable('item_unreadable', error instanceof Error ? error.message : String(error), value, numberId)];
  }
}

const listIn = (value: Json, name: string): unknown[] => {
  const list = value[name];
  return isAbsent(list) || Array.isArray(list) ? asList(list) : [list];
};

function readItems(change: Change, readers: Record<string, Reader>): InboundItem[] {
  const { field, value, businessId } = change;
  const numberId = numberIdOf(value);
  const read = (item: unknown, people: People, reader: Reader): InboundItem[] => {
    const record = asRecord(item);
    if (!record || !numberId)
      return [unreadable('item_unreadable', record ? 'no phone_number_id' : 'not an object', item, numberId)];
    try {
      return [reader({ record, numberId, change, people })].filter(read => read !== undefined);
    } catch (error) {
      return [unreadable('item_unreadable', error instanceof Error ? error.message : String(error), item, numberId)];
    }
  };
  const items = Object.entries(readers).flatMap(([name, reader]) => {
    const list = listIn(value, name);
    const people = peopleOf(value, list.length);
    return list.flatMap(item => read(item, people, reader));
  });
  const others = Object.entries(value).filter(
    ([name, list]) => name !== 'contacts' && !Object.hasOwn(readers, name) && Array.isArray(list),
  );
  return [
    ...items,
    ...others.map(([name, list]) =>
      unreadable('field_unknown', `Recado does not process this part of ${field}: ${shown(name)}`, list, numberId),
    ),
    ...(numberId !== undefined && businessId !== undefined ? [{ kind: 'number' as const, numberId, businessId }] : []),
  ];
}

/** The errors beside a list with one item: they are about it. */
const errorsOfOne = ({ change: { value } }: Part, list: string): unknown =>
  listIn(value, list).length === 1 && asList(value.errors).length > 0 ? value.errors : undefined;

/** The digits of the business's own number. */
const businessIn = ({ value }: Change) =>
  asString(asRecord(value.metadata)?.display_phone_number)?.replace(/\D/g, '') ?? '';

/** A message that somebody else answers: nobody here has to read it. */
const overheard = (message: IncomingMessage | undefined): IncomingMessage | undefined =>
  message && { ...message, source: 'standby', unread: false };

function readOwnEcho({ record, numberId, people }: Part): IncomingMessage {
  return readEcho(record, numberId, people);
}

/** A click on a link of a marketing message. It names neither the message nor the person, so it is a notice. */
function readClick({ record, numberId, change }: Part): Notice {
  return noticeOf({ ...change, field: 'user_actions', time: undefined }, numberId, record);
}

/** An item that is kept as a notice. */
const noticeOf = ({ field, businessId, time }: Change, numberId: string, value: Json): Notice => ({
  kind: 'notice',
  field,
  numberId,
  phone: undefined,
  businessId,
  value,
  hasSignal: false,
  hash: sha256(['notice', field, numberId, value, ...(time === undefined ? [] : [time])]),
});

/**
 * A message; one without a readable content has the error beside it. Undefined for a request of a welcome: the person
 * only opened the chat.
 */
function readWritten(part: Part): IncomingMessage | undefined {
  if (part.record.type === 'request_welcome') return undefined;
  const message = readMessage(part.record, part.numberId, part.people);
  return message.type === 'unsupported' && message.error === undefined
    ? { ...message, error: errorOf(errorsOfOne(part, 'messages')) }
    : message;
}

/** Fields whose changes are notices. */
export const noticeFields: ReadonlySet<string> = new Set([
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'automatic_events',
  'business_capability_update',
  'business_status_update',
  'business_username_update',
  'business_username_updates',
  'flows',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'history',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'smb_app_state_sync',
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
    return [unreadable('field_unknown', `Recado does not process this field: ${shown(field)}`, value, numberId)];
  const signals = readSignals(change);
  if (signals.some(({ kind }) => kind === 'unreadable')) return signals;
  const phone = numberId === undefined ? phoneOf(value) : undefined;
  const hash = sha256(['notice', field, value, time]);
  const hasSignal = signals.length > 0;
  return [...signals, { kind: 'notice', field, numberId, phone, businessId, value, hasSignal, hash }];
}

/** A name that somebody else chose, for a reason. */
const shown = (name: string) => name.slice(0, 100).toWellFormed();

/** The signals of a change about the account, beside its notice: one for each trouble. */
function readSignals(change: Change): (Signal | UnreadableItem)[] {
  const { field, value, time, businessId } = change;
  const told = phoneOf(value);
  const troubles = troublesIn(field, value);
  if (field === 'phone_number_quality_update' && troubles.length > 0 && told === undefined)
    return [unreadable('item_unreadable', 'no display_phone_number', value)];
  return troubles.map(({ phone = told, ...trouble }, place) => ({
    kind: 'signal',
    ...trouble,
    numberId: undefined,
    phone,
    businessId,
    hash: hashOf([field, value, ...(place > 0 ? [place] : [])], time),
  }));
}

/** Identifies a repeat. Without a time we cannot distinguish a repeat from a second event. */
const hashOf = (told: unknown[], time: unknown): Buffer | undefined =>
  time === undefined ? undefined : sha256([...told, time]);

/** Codes of Meta for a number that sends too fast. Without a message, the person of a pair limit is not known. */
const tooFast: ReadonlySet<string> = new Set(['130429', '131056']);

/** Codes of Meta for a failure of its own. Without a message, there is nothing to try again. */
const ownFailures: ReadonlySet<string> = new Set(['1', '2', '131000', '131016']);

/** An error about the number, not about a message. @throws if nobody knows what it is about */
function readError({ record: error, numberId, change, people }: Part): Signal | Notice | undefined {
  const code = asString(error.code);
  const trouble = tooFast.has(code ?? '') ? 'throttled' : troubleOf(Number(code));
  const title = wordsOf(error);
  if (trouble) {
    const hash = hashOf([change.field, numberId, error], change.time);
    return { kind: 'signal', class: trouble, numberId, phone: undefined, title, hash };
  }
  if (isOfUnreadable({ record: error, numberId, change, people })) return undefined;
  if (ownFailures.has(code ?? '')) return noticeOf(change, numberId, error);
  throw new Error(`an error without a message: ${code === undefined ? '' : `${code} `}${title}`);
}

/** Whether the error is shown with the only message, which has no readable content. */
function isOfUnreadable(part: Part): boolean {
  const { value } = part.change;
  const [only, second] = listIn(value, 'messages');
  const record = asRecord(only);
  if (!record || second !== undefined || asList(value.errors)[0] !== part.record) return false;
  try {
    return readMessage(record, part.numberId, peopleOf(value, 1)).type === 'unsupported' && isAbsent(record.errors);
  } catch {
    return false;
  }
}

/** @throws if it cannot be read */
function readReceipt({ record, numberId, people }: Part): Receipt {
  const status = required(record.status, 'status');
  if (!receiptStatuses.has(status)) throw new Error(`unknown status: ${status.slice(0, 50).toWellFormed()}`);
  return {
    kind: 'receipt',
    numberId,
    channelMessageId: required(record.id, 'id'),
    token: asString(record.biz_opaque_callback_data),
    status: status as ReceiptStatus,
    at: timeOf(record.timestamp),
    pricing: pricingOf(record),
    person: recipientOf(record, people),
    ...(status === 'failed' ? failureIn(record) : { code: '', title: '' }),
  };
}

function failureIn(record: Json): Pick<Receipt, 'code' | 'title' | 'trouble'> {
  const error = asRecord(asList(record.errors)[0]);
  const code = codeOf(error);
  const trouble = troubleOf(Number(code));
  return { code, title: wordsOf(error), ...(trouble && { trouble }) };
}

/** What the message costs, and what opened the conversation; undefined if the status says neither. */
function pricingOf(record: Json): Pricing | undefined {
  const pricing = asRecord(record.pricing);
  const text = (value: unknown) => asString(value)?.slice(0, 100);
  const origin = text(asRecord(asRecord(record.conversation)?.origin)?.type);
  if (!pricing && origin === undefined) return undefined;
  const billable = typeof pricing?.billable === 'boolean' ? pricing.billable : undefined;
  return {
    category: text(pricing?.category),
    type: text(pricing?.type),
    model: text(pricing?.pricing_model),
    billable,
    origin,
    cost: costOf(pricing),
  };
}

/** Meta's own amount, which it names where a price was agreed. */
function costOf(pricing: Json | undefined): Pricing['cost'] {
  const { amount, currency } = asRecord(pricing?.cost) ?? {};
  const told = asString(amount);
  const unit = asString(currency)?.toUpperCase();
  if (told === undefined || !/^\d{1,8}(\.\d{1,12})?$/.test(told) || unit === undefined || !/^[A-Z]{3}$/.test(unit))
    return undefined;
  return { amount: told, currency: unit };
}

/** The number and the user id of a recipient, where a status names both. */
function recipientOf(record: Json, { byDigits, only }: People): Receipt['person'] {
  if (record.recipient_type === 'group') return undefined;
  const phone = phoneIn(record.recipient_id);
  const contact = only ?? byDigits.get(asString(record.recipient_id) ?? '');
  const userId = userIdIn(record.recipient_user_id) ?? contact?.userId;
  return phone === undefined || userId === undefined ? undefined : { phone, userId };
}
