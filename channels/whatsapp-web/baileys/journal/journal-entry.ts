// An entry of the journal: a decrypted message as it came.
import { proto, unpadRandomMax16 } from 'baileys';

export interface JournalEntry {
  /** The attributes of the stanza. */
  attrs: Record<string, string>;
  /** The plaintext with its padding, in base64. */
  plaintext: string;
}

/** The message of a plaintext. What another device of ours sent is wrapped once more. */
export const decodePlaintext = (plaintext: Uint8Array): proto.IMessage => {
  const message = proto.Message.decode(unpadRandomMax16(plaintext));
  const inner = message.deviceSentMessage?.message;
  if (!inner) return message;
  if (!inner.messageContextInfo && message.messageContextInfo) inner.messageContextInfo = message.messageContextInfo;
  return inner;
};

/** The message of an entry. */
export const messageOf = (entry: JournalEntry): proto.IMessage =>
  decodePlaintext(Buffer.from(entry.plaintext, 'base64'));

const { Type } = proto.Message.ProtocolMessage;

/** What people do to messages; the other protocol messages go between our own devices. */
const protocolOfPeople = new Set<number>([Type.REVOKE, Type.MESSAGE_EDIT, Type.EPHEMERAL_SETTING]);

/** Parts of a message that people do not see. */
const hidden = new Set(['senderKeyDistributionMessage', 'messageContextInfo']);

type Notification = proto.Message.IHistorySyncNotification;

/** The notification of a part of the history, which the phone of the account sends. */
export const historyOf = (message: proto.IMessage): Notification | undefined =>
  message.protocolMessage?.historySyncNotification ?? undefined;

/** Whether an address is one of a group. Its messages are acknowledged and not kept: nobody follows groups. */
export const isGroup = (jid: string | undefined | null): boolean => jid?.endsWith('@g.us') === true;

/** Whether a message is something that people see or do. */
export const isOfPeople = (message: proto.IMessage): boolean => {
  if (message.protocolMessage) return protocolOfPeople.has(message.protocolMessage.type ?? Type.REVOKE);
  return Object.entries(message).some(([name, value]) => value !== null && value !== undefined && !hidden.has(name));
};

/** Whether a decrypted message is something of people, or history that is wanted, so that it must not get lost. */
export const isWorthKeeping = (
  attrs: Record<string, string>,
  plaintext: Uint8Array,
  wantsHistory: (notification: Notification) => boolean,
): boolean => {
  if (isGroup(attrs.from)) return false;
  const message = decodePlaintext(plaintext);
  if (attrs.category === 'peer') {
    const history = historyOf(message);
    return history !== undefined && wantsHistory(history);
  }
  return isOfPeople(message);
};
