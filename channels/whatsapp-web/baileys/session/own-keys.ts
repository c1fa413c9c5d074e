// Keys of ours beside those of the library, as plain JSON.
import type { Gateway } from '../../driver.ts';
import type { OwnKeyType } from '../../protocol.ts';

/** The bytes of a message that we sent, in base64, for a phone that could not decrypt it. */
export interface SentMessage {
  message: string;
}

/** What decrypts the votes of a poll, and names their options. */
export interface KnownPoll {
  /** Base64. */
  secret: string;
  options: string[];
  /** The author's addresses: a vote is bound to one of them. */
  authors: string[];
}

/** What WhatsApp answered about a number. */
export interface KnownNumber {
  /** The address of the number; null if the number is not on WhatsApp. */
  jid: string | null;
  /** The LID of the person, if WhatsApp told it. */
  lid?: string | undefined;
  /** Unix time in milliseconds. */
  at: number;
}

interface OwnKeys {
  'sent-message': SentMessage;
  poll: KnownPoll;
  'known-number': KnownNumber;
  retry: number;
}

type Named = keyof OwnKeys & OwnKeyType;

/** The value of a key, or undefined. */
export const readOwnKey = async <Type extends Named>(
  gateway: Gateway,
  type: Type,
  id: string,
): Promise<OwnKeys[Type] | undefined> => {
  const { [id]: text } = await gateway.request('getKeys', { type, ids: [id] });
  return text === undefined ? undefined : JSON.parse(text);
};

/** Stores a key; null deletes it. */
export const writeOwnKey = async <Type extends Named>(
  gateway: Gateway,
  type: Type,
  id: string,
  value: OwnKeys[Type] | null,
): Promise<void> => {
  await gateway.request('setKeys', { changes: { [type]: { [id]: value === null ? null : JSON.stringify(value) } } });
};
