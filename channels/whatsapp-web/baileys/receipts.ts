// What WhatsApp says of our messages: delivered, read and played, as items.
import { type BaileysEventMap, proto, toNumber } from 'baileys';
import type { WebKey, WebReceiptItem } from '../protocol.ts';
import { isPublication } from './stanza.ts';

const { Status } = proto.WebMessageInfo;

/** Failures and the server's own ack come from the ack itself. */
const statuses = new Map<number, WebReceiptItem['status']>([
  [Status.DELIVERY_ACK, 'delivered'],
  [Status.READ, 'read'],
  [Status.PLAYED, 'played'],
]);

/** The key of one of our messages; undefined for others. */
const ownKey = ({ id, remoteJid, fromMe }: proto.IMessageKey): WebKey | undefined =>
  id && remoteJid && fromMe && !isPublication(remoteJid)
    ? { id, remoteJid, fromMe, participant: undefined }
    : undefined;

/** The receipt in the status of a message: in an update, or merged into a message by the library's buffer. */
export const receiptOf = (
  messageKey: proto.IMessageKey,
  { status, messageTimestamp }: Pick<proto.IWebMessageInfo, 'status' | 'messageTimestamp'>,
): WebReceiptItem[] => {
  const key = ownKey(messageKey);
  const read = statuses.get(status ?? Status.ERROR);
  if (!key || !read) return [];
  return [
    { kind: 'receipt', key, status: read, participant: undefined, at: toNumber(messageTimestamp), code: undefined },
  ];
};

/** The receipts of the members of a group. */
export const groupReceipts = (updates: BaileysEventMap['message-receipt.update']): WebReceiptItem[] =>
  updates.flatMap(({ key: messageKey, receipt }) => {
    const key = ownKey(messageKey);
    const { userJid, readTimestamp, receiptTimestamp } = receipt;
    if (!key || !userJid) return [];
    const status = readTimestamp ? 'read' : 'delivered';
    const at = toNumber(readTimestamp ?? receiptTimestamp);
    return [{ kind: 'receipt', key, status, participant: userJid, at, code: undefined }];
  });
