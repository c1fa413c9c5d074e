// Parses what a session delivered: each of its items, independently.
import type { WebCallItem, WebItem, WebReceiptItem, WebVoteItem } from '@recado/whatsapp-web';
import type { InboundItem, IncomingMessage, ReceiptStatus, UnreadableItem } from '../../../ports/channel.ts';
import { asList, asRecord, asString, storable } from '../json.ts';
import { titleOf } from './error-codes.ts';
import { voteContent } from './parse-content.ts';
import { commonOf, keyOf, readMessage } from './parse-message.ts';
import { lidIn, personOf, requiredId, timeOf } from './values.ts';

const receiptStatuses = new Set<string>(['sent', 'delivered', 'read', 'played', 'failed'] satisfies ReceiptStatus[]);

const unreadable = (
  code: UnreadableItem['code'],
  reason: string,
  item: unknown,
  numberId?: string | undefined,
): UnreadableItem => ({ kind: 'unreadable', code, reason, item, numberId });

function readVote(item: WebVoteItem, numberId: string): InboundItem[] {
  const { common } = commonOf(item, numberId);
  if (common.groupId !== undefined) return [];
  const context = { id: requiredId(asRecord(item.poll)?.id, 'poll.id') };
  const options = asList(item.options).flatMap(option => asString(option) ?? []);
  if (options.length > 0) return [{ ...common, ...voteContent(options), context, unread: true }];
  const content = { type: 'poll_vote', body: 'The vote was withdrawn.', poll_vote: { options } };
  return [{ ...common, type: 'system', content, context, unread: false }];
}

/** Of a group the members are told, and we send nothing to groups. */
function readReceipt(item: WebReceiptItem, numberId: string): InboundItem[] {
  const key = keyOf(item.key);
  if (!key.fromMe || key.remoteJid.endsWith('@g.us')) return [];
  const status = requiredId(item.status, 'status');
  if (!receiptStatuses.has(status)) throw new Error(`unknown status: ${status.slice(0, 50).toWellFormed()}`);
  const code = status === 'failed' ? (asString(item.code)?.slice(0, 50).toWellFormed() ?? 'unspecified') : '';
  return [
    {
      kind: 'receipt',
      numberId,
      channelMessageId: key.id,
      token: undefined,
      status: status as ReceiptStatus,
      at: timeOf(item.at),
      code,
      title: code && titleOf(code),
    },
  ];
}

/** What the API says of a step of a call, in the words that all channels share. */
const steps: Record<string, { event: string; status?: string }> = {
  ringing: { event: 'connect' },
  missed: { event: 'terminate', status: 'FAILED' },
  ended: { event: 'terminate', status: 'COMPLETED' },
};

function readCall(item: WebCallItem, numberId: string): IncomingMessage {
  const step = steps[item.status];
  if (!step) throw new Error('unknown status of a call');
  const { addresses: _, ...person } = personOf(item.person);
  const at = timeOf(item.at);
  return {
    kind: 'message',
    numberId,
    direction: 'inbound',
    ...person,
    channelMessageId: requiredId(item.id, 'id'),
    type: 'call',
    content: { direction: 'USER_INITIATED', ...step, is_video: item.isVideo === true },
    context: undefined,
    referral: undefined,
    error: undefined,
    media: undefined,
    groupId: undefined,
    change: undefined,
    unread: item.status === 'missed',
    calledAt: at,
    at,
  };
}

function readItem(item: WebItem, numberId: string): InboundItem[] {
  switch (item.kind) {
    case 'message':
      return readMessage(item, numberId);
    case 'vote':
      return readVote(item, numberId);
    case 'receipt':
      return readReceipt(item, numberId);
    case 'call':
      return [readCall(item, numberId)];
    case 'same_person': {
      const { from, name } = personOf(item);
      const userId = lidIn(item.lid);
      if (from.kind !== 'phone' || userId === undefined) throw new Error('not two addresses of a person');
      return [{ kind: 'same_person', numberId, phone: from.value, userId, name }];
    }
    default:
      throw new Error(
        `unknown kind of item: ${String((item as { kind?: unknown }).kind)
          .slice(0, 50)
          .toWellFormed()}`,
      );
  }
}

/** History comes newest first: its messages are stored in the order in which they were written. */
const inOrder = (items: unknown[]): unknown[] => {
  const timeIn = (item: unknown) => {
    const record = asRecord(item);
    return record?.source === 'history' ? Number(record.at) : 0;
  };
  return items.toSorted((one, other) => timeIn(one) - timeIn(other));
};

/**
 * Every message, receipt and call of a payload. An item that cannot be read is returned with the reason.
 * @throws SyntaxError if the body is not JSON
 */
export function parse(raw: Buffer): InboundItem[] {
  const payload = asRecord(storable(JSON.parse(raw.toString('utf8'))));
  const numberId = asString(payload?.session);
  if (numberId === undefined || !Array.isArray(payload?.items))
    return [unreadable('body_unreadable', 'the body has no session and items', null)];
  return inOrder(payload.items).flatMap(item => {
    const record = asRecord(item);
    if (!record) return [unreadable('item_unreadable', 'not an object', item, numberId)];
    try {
      return readItem(record as unknown as WebItem, numberId);
    } catch (error) {
      return [unreadable('item_unreadable', error instanceof Error ? error.message : String(error), item, numberId)];
    }
  });
}

/** The session of a body; empty if it cannot be parsed or names none. */
export function numbersIn(raw: Buffer): string[] {
  try {
    const session = asString(asRecord(JSON.parse(raw.toString('utf8')))?.session);
    return session === undefined ? [] : [session];
  } catch {
    return [];
  }
}
