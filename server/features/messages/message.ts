// A message: its row, how it is shown, and what makes two requests the same.
import { createHash } from 'node:crypto';
import {
  type AnyMessageType,
  type AttemptClass,
  type AttemptStatus,
  adviceOf,
  type EventType,
  type Message,
  type MessageContent,
  type MessageDetails,
  type MessageType,
  type Priority,
  priorities,
  type SendMessageBody,
  type Status,
  type WaitingReason,
  type WarningCode,
} from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import { presentWho, type WhoRow } from '../../kit/who.ts';
import type { FileRow } from '../media/index.ts';
import { shownContent } from './attached-file.ts';

/** As they are stored: the smaller leaves first. */
export const priorityNumbers: Record<Priority, number> = { high: 0, normal: 1, low: 2 };

export interface MessageRow {
  id: string;
  /** The order of acceptance. */
  seq: number;
  workspace_id: string;
  account_id: string;
  conversation_id: string;
  contact_id: string;
  direction: 'outbound' | 'inbound';
  address: string;
  account_phone: string;
  type: Message['type'];
  content: MessageContent;
  context: Record<string, unknown> | null;
  /** The message of the account that the context names, where it is here. */
  context_message_id: string | null;
  /** The reactions to it; null if there is none. */
  reactions: { from: 'contact' | 'account'; emoji: string; at: string }[] | null;
  referral: Record<string, unknown> | null;
  /** Where an outbound one was written, if not in Recado. */
  source: 'phone' | 'standby' | null;
  group_id: string | null;
  edited_at: Date | null;
  /** What it said before its edits, the oldest first; without a content for an edit that could not be read. */
  versions: { type: AnyMessageType | null; content: MessageContent | null; at: string }[] | null;
  revoked_at: Date | null;
  /** What the newest receipt with a price says. */
  pricing: StoredPricing | null;
  status: Status;
  priority: number;
  send_at: Date | null;
  expires_at: Date | null;
  batch_id: string | null;
  campaign_id: string | null;
  reference: string | null;
  metadata: Record<string, string> | null;
  warnings: WarningCode[] | null;
  channel_message_id: string | null;
  error_code: string | null;
  error_title: string | null;
  created_by: WhoRow | null;
  created_at: Date;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  failed_at: Date | null;
  /** The file that the message carries, while Recado has it. */
  file: FileRow | null;
}

/** A field that the channel did not name is not there. */
interface StoredPricing {
  category?: string;
  type?: string;
  model?: string;
  billable?: boolean;
  origin?: string;
  cost?: { amount: string; currency: string };
}

export interface EventRow {
  number: number;
  type: EventType;
  at: Date;
  data: Record<string, unknown>;
}

export interface AttemptRow {
  number: number;
  status: AttemptStatus;
  class: AttemptClass | null;
  code: string | null;
  title: string | null;
  channel_message_id: string | null;
  started_at: Date;
  ended_at: Date | null;
}

export interface Waiting {
  reason: WaitingReason;
  until: Date | null;
  /** Messages of the account that leave before, counted to 10,000. */
  ahead: number | null;
  /** When the message itself leaves, by its place and the limits. */
  expected_at: Date | null;
}

/** As answers show it. */
export const presentWaiting = ({
  reason,
  until,
  ahead,
  expected_at,
}: Waiting): NonNullable<MessageDetails['waiting']> => ({
  reason,
  until: iso(until),
  ahead,
  expected_at: iso(expected_at),
});

/** By the names of its fields: PostgreSQL keeps them in an order of its own. */
const sorted = <Value>(fields: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));

const inOrder = (content: MessageContent): MessageContent =>
  Array.isArray(content) ? content : sorted(content as Record<string, unknown>);

const iso = (time: Date | null) => time?.toISOString() ?? null;

const warningTexts: Record<WarningCode, string> = {
  window_may_close:
    'The 24-hour window will be closed at `send_at`, unless the person writes or calls before. Send a template to be sure.',
};

const shownWarnings = (codes: WarningCode[] | null): Message['warnings'] =>
  (codes ?? []).map(code => ({ code, message: warningTexts[code] }));

const shownError = (code: string | null, title: string | null): Message['error'] =>
  code === null ? null : { code, title: title ?? '', ...adviceOf(code) };

/** In the place of the channel's word for the other message, its name here. */
function shownContext({
  context,
  context_message_id: known,
}: Pick<MessageRow, 'context' | 'context_message_id'>): Message['context'] {
  const { id, message_id: told, options: _options, ...rest } = context ?? {};
  if (context === null || (id === undefined && context.options !== undefined)) return null;
  const message = known === null ? null : toId('message', known);
  return {
    ...rest,
    // An outbound one was stored with it, so that a replay gives the same bytes.
    message_id: typeof told === 'string' ? told : message,
    channel_message_id: typeof id === 'string' ? id : null,
  };
}

/** Only outbound messages have options: an inbound message may have a field of that name. */
const shownOptions = (context: MessageRow['context'], direction: 'outbound' | 'inbound'): Message['options'] =>
  direction === 'outbound' ? ((context?.options as Record<string, unknown> | undefined) ?? null) : null;

/** Of a person whose number the channel does not show, the address is none that anybody could write to. */
const shownNumber = (address: string) => (address.startsWith('+') ? address : null);

/** Null where the receipts only say what opened the conversation. */
function shownPricing(pricing: StoredPricing | null): Message['pricing'] {
  const { category = null, type = null, model = null, billable = null, cost = null } = pricing ?? {};
  const shown = { category, type, model, billable, cost };
  return Object.values(shown).some(value => value !== null) ? shown : null;
}

type Shown = Pick<MessageRow, 'type' | 'content' | 'context' | 'context_message_id'>;

const asStored = ({ content }: Shown): MessageContent => content;

const withFile = ({ type, content }: Shown, file: FileRow | null, named: 'outbound' | 'inbound'): MessageContent =>
  shownContent(type, content, file, named);

/** A reaction with its message, as the context names it. */
function withTarget(row: Shown): MessageContent {
  const { message_id = null, channel_message_id = null } = shownContext(row) ?? {};
  const { emoji } = row.content as { emoji?: string | null };
  return { message_id, channel_message_id, emoji: emoji || null };
}

/** The content of each type in answers. `named`: whether its own id names the file, or the message. */
const shown: Record<
  AnyMessageType,
  (row: Shown, file: FileRow | null, named: 'outbound' | 'inbound') => MessageContent
> = {
  text: asStored,
  image: withFile,
  video: withFile,
  audio: withFile,
  document: withFile,
  sticker: withFile,
  location: asStored,
  contacts: asStored,
  reaction: withTarget,
  interactive: asStored,
  template: asStored,
  button: asStored,
  order: asStored,
  call: asStored,
  system: asStored,
  unsupported: asStored,
};

/** The text that people read in a content: only texts and captions can be edited. */
const textIn = (content: MessageContent | null): string | null => {
  const { body, caption } = (content ?? {}) as { body?: unknown; caption?: unknown };
  return typeof body === 'string' ? body : typeof caption === 'string' ? caption : null;
};

/** The texts before the edits of a message, and whether its newest edit could not be read. */
function shownVersions({ versions, edited_at }: MessageRow): Pick<Message, 'edit_unknown' | 'versions'> {
  const last = versions?.at(-1);
  const isUnknown = last?.content === null && new Date(last.at).getTime() === edited_at?.getTime();
  const known = (versions ?? []).filter(({ content }) => content !== null);
  return {
    edit_unknown: isUnknown,
    // The last known text is still that of the message.
    versions: (isUnknown ? known.slice(0, -1) : known).map(({ content, at }) => ({
      text: textIn(content),
      at: new Date(at).toISOString(),
    })),
  };
}

/** A message as lists show it. */
export function present(row: MessageRow): Message {
  const outbound = row.direction === 'outbound';
  return {
    id: toId('message', row.id),
    account_id: toId('account', row.account_id),
    conversation_id: toId('conversation', row.conversation_id),
    contact_id: toId('contact', row.contact_id),
    direction: row.direction,
    from: outbound ? row.account_phone : shownNumber(row.address),
    to: outbound ? shownNumber(row.address) : row.account_phone,
    type: row.type,
    // What came in, or was written on the shop's phone, names the file by the message.
    [row.type]: shown[row.type](row, row.file, row.source !== null ? 'inbound' : row.direction),
    context: shownContext(row),
    reactions: (row.reactions ?? []).map(({ at, ...reaction }) => ({ ...reaction, at: new Date(at).toISOString() })),
    source: row.source,
    group: row.group_id === null ? null : { id: row.group_id },
    edited_at: iso(row.edited_at),
    ...shownVersions(row),
    revoked_at: iso(row.revoked_at),
    pricing: shownPricing(row.pricing),
    conversation_origin: row.pricing?.origin ?? null,
    referral: row.referral,
    status: row.status,
    priority: outbound ? (priorities[row.priority] ?? null) : null,
    send_at: iso(row.send_at),
    expires_at: iso(row.expires_at),
    batch_id: row.batch_id === null ? null : toId('batch', row.batch_id),
    campaign_id: row.campaign_id === null ? null : toId('campaign', row.campaign_id),
    options: shownOptions(row.context, row.direction),
    reference: row.reference,
    metadata: sorted(row.metadata ?? {}),
    warnings: shownWarnings(row.warnings),
    error: shownError(row.error_code, row.error_title),
    channel_message_id: row.channel_message_id,
    created_by: presentWho(row.created_by),
    created_at: row.created_at.toISOString(),
    sent_at: iso(row.sent_at),
    delivered_at: iso(row.delivered_at),
    read_at: iso(row.read_at),
    failed_at: iso(row.failed_at),
  };
}

/** What is known of an outbound message at the moment of its acceptance. */
export type AcceptedRow = Pick<
  MessageRow,
  | 'id'
  | 'account_id'
  | 'conversation_id'
  | 'contact_id'
  | 'address'
  | 'account_phone'
  | 'type'
  | 'content'
  | 'context'
  | 'context_message_id'
  | 'created_at'
  | 'priority'
  | 'send_at'
  | 'expires_at'
  | 'batch_id'
  | 'campaign_id'
  | 'created_by'
  | 'reference'
  | 'metadata'
  | 'warnings'
>;

/**
 * The answer to the request that made the message: always as it was then, so that a replay gives the same bytes. The same
 * fields in the same order as `present` gives; one literal, as this is made for each message that is sent.
 */
export const presentAccepted = (row: AcceptedRow): Message => ({
  id: toId('message', row.id),
  account_id: toId('account', row.account_id),
  conversation_id: toId('conversation', row.conversation_id),
  contact_id: toId('contact', row.contact_id),
  direction: 'outbound',
  from: row.account_phone,
  to: shownNumber(row.address),
  type: row.type,
  [row.type]: shown[row.type](row, null, 'outbound'),
  context: shownContext(row),
  reactions: [],
  source: null,
  group: null,
  edited_at: null,
  edit_unknown: false,
  versions: [],
  revoked_at: null,
  pricing: null,
  conversation_origin: null,
  referral: null,
  status: row.send_at !== null && row.send_at > row.created_at ? 'scheduled' : 'queued',
  priority: priorities[row.priority] ?? null,
  send_at: iso(row.send_at),
  expires_at: iso(row.expires_at),
  batch_id: row.batch_id === null ? null : toId('batch', row.batch_id),
  campaign_id: row.campaign_id === null ? null : toId('campaign', row.campaign_id),
  options: shownOptions(row.context, 'outbound'),
  reference: row.reference,
  metadata: sorted(row.metadata ?? {}),
  warnings: shownWarnings(row.warnings),
  error: null,
  channel_message_id: null,
  created_by: presentWho(row.created_by),
  created_at: row.created_at.toISOString(),
  sent_at: null,
  delivered_at: null,
  read_at: null,
  failed_at: null,
});

/** A message with its timeline. */
export function presentDetails(
  row: MessageRow,
  more: {
    events: EventRow[];
    attempts: AttemptRow[];
    waiting: Waiting | undefined;
    charge: MessageDetails['charge'];
  },
): MessageDetails {
  return {
    ...present(row),
    charge: more.charge,
    waiting: more.waiting ? presentWaiting(more.waiting) : null,
    events: more.events.map(event => ({ ...event, at: event.at.toISOString() })),
    attempts: more.attempts.map(attempt => ({
      ...attempt,
      started_at: attempt.started_at.toISOString(),
      ended_at: iso(attempt.ended_at),
    })),
  };
}

/** The content object of a request, under the name of its type. */
export const contentOf = (body: SendMessageBody): MessageContent<MessageType> =>
  body.type === 'reaction' ? { emoji: body.reaction.emoji || null } : contentIn(body);

const contentIn = (body: SendMessageBody): MessageContent<MessageType> =>
  (body as unknown as { [Type in MessageType]: MessageContent<Type> })[body.type];

/** A request without the priority that it has anyway. */
export const withoutDefaults = (body: SendMessageBody): SendMessageBody =>
  body.priority === 'normal' ? { ...body, priority: undefined } : body;

/** The hash of a request, whatever the order of its fields and the spelling of its number. Normal is the default priority. */
export function requestHash(to: string, body: SendMessageBody): Buffer {
  const metadata = body.metadata && sorted(body.metadata);
  return createHash('sha256')
    .update(
      JSON.stringify(
        sorted<unknown>({ ...withoutDefaults(body), to, [body.type]: inOrder(contentIn(body)), metadata }),
      ),
    )
    .digest();
}
