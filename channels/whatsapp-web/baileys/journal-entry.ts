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

/** Whether a decrypted message is something of people, so that it must not get lost. */
export const isWorthKeeping = (attrs: Record<string, string>, plaintext: Uint8Array): boolean => {
  if (attrs.category === 'peer') return false;
  const message = decodePlaintext(plaintext);
  if (message.protocolMessage) return protocolOfPeople.has(message.protocolMessage.type ?? Type.REVOKE);
  return Object.entries(message).some(([name, value]) => value !== null && value !== undefined && !hidden.has(name));
};
