// A message as a person sees it on their phone.
import { getContentType, normalizeMessageContent, type proto } from 'baileys';
import type { Account, Addressing } from './accounts.ts';
import type { Group } from './groups.ts';

/** What a phone learnt of a message of its owner. */
export interface SeenReceipt {
  /** The number of its recipient, in E.164. */
  by: string;
  /** `delivered`, or WhatsApp's type, such as `read`, `played` or `inactive`. */
  type: string;
  at: number;
}

export interface ChatMessage {
  readonly id: string;
  readonly author: Account;
  /** Who the conversation is with: the other person, or the group. */
  readonly chat: Account | Group;
  readonly addressing: Addressing;
  readonly isOwn: boolean;
  /** The number of the author, in E.164. */
  readonly from: string;
  /** Unix time in seconds. */
  readonly at: number;
  /** How often it arrived: a phone shows a message once, however often that was. */
  times: number;
  /** The protobuf; undefined while it could not be decrypted. */
  content: proto.IMessage | undefined;
  /** `conversation`, `imageMessage` and so on. */
  kind: string | undefined;
  /** The text, or the caption; after an edit the new one. */
  text: string | undefined;
  /** The id of the message that it answers. */
  quotes: string | undefined;
  /** After how many seconds it disappears; undefined: it stays. */
  expiration: number | undefined;
  isEdited: boolean;
  isDeleted: boolean;
  /** The emojis by the number of the person who reacted. */
  readonly reactions: Map<string, string>;
  readonly receipts: SeenReceipt[];
}

/** What a message says, as far as tests want to know. */
export function describe(
  message: proto.IMessage,
): Pick<ChatMessage, 'content' | 'kind' | 'text' | 'quotes' | 'expiration'> {
  const content = normalizeMessageContent(message);
  const kind = content ? getContentType(content) : undefined;
  const part = kind === undefined ? undefined : content?.[kind];
  const context = contextOf(part);
  return {
    content: message,
    kind,
    text: content?.conversation || textOf(part),
    quotes: context?.stanzaId ?? undefined,
    expiration: context?.expiration || undefined,
  };
}

function textOf(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  for (const field of ['text', 'caption', 'name', 'displayName']) {
    const value = (part as Record<string, unknown>)[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function contextOf(part: unknown): proto.IContextInfo | undefined {
  if (typeof part !== 'object' || part === null || !('contextInfo' in part)) return undefined;
  return part.contextInfo as proto.IContextInfo | undefined;
}

/** The address of a message in the eyes of `person`. */
export function keyFor(person: Account, message: ChatMessage): proto.IMessageKey {
  const { chat, addressing, author, id } = message;
  const fromMe = author === person;
  if ('members' in chat) return { remoteJid: chat.jid, fromMe, id, participant: author.jid(addressing) };
  return { remoteJid: chat.jid(addressing), fromMe, id };
}
