// After which time messages of a chat disappear, as people set it on their phones. WhatsApp has no question for it: it
// is learnt from settings, from the history, and from messages, which carry the time of their chat.
import { normalizeMessageContent, proto, type SignalKeyStore, toNumber } from 'baileys';
import type { OwnKeyType, WebPerson } from '../../protocol.ts';

export interface ChatTimer {
  /** 0: messages stay. */
  seconds: number;
  /** When it was set or seen, Unix time in seconds. */
  at: number;
}

/** What something says of the timer of its chat. `isSet`: somebody sets it now. */
export interface SaidTimer extends ChatTimer {
  isSet: boolean;
}

type Addresses = Pick<WebPerson, 'phone' | 'lid'>;

export interface ChatTimers {
  /** After how many seconds messages of the chat disappear; 0 if they stay, or nobody knows. */
  secondsOf(person: Addresses): Promise<number>;
  /** Remembers a timer, unless a newer one is known. */
  learn(person: Addresses, said: SaidTimer | undefined): Promise<void>;
}

/** Contents that carry the timer of their chat: without one, the chat has none. */
const carriers = new Set([
  'conversation',
  'extendedTextMessage',
  'imageMessage',
  'videoMessage',
  'audioMessage',
  'documentMessage',
  'stickerMessage',
  'locationMessage',
  'contactMessage',
  'contactsArrayMessage',
]);

const isPart = (value: unknown): value is { contextInfo?: proto.IContextInfo | null } =>
  typeof value === 'object' && value !== null;

/** What a message says of the timer of its chat. Undefined: nothing. */
export const timerIn = (message: proto.IMessage, at: number): SaidTimer | undefined => {
  const content = normalizeMessageContent(message);
  const setting = content?.protocolMessage;
  if (setting?.type === proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING)
    return { seconds: setting.ephemeralExpiration ?? 0, at, isSet: true };
  for (const [name, part] of Object.entries(content ?? {})) {
    if (!carriers.has(name) || part === null || part === '') continue;
    const context = isPart(part) ? part.contextInfo : undefined;
    return { seconds: context?.expiration ?? 0, at, isSet: false };
  }
  return undefined;
};

/** A chat of the library: of the history, or with a change. */
interface LibraryChat {
  ephemeralExpiration?: number | null;
  ephemeralSettingTimestamp?: Parameters<typeof toNumber>[0];
}

/** What a chat of the library says of its timer. Undefined: nothing. */
export const timerOfChat = (chat: LibraryChat): SaidTimer | undefined =>
  chat.ephemeralExpiration === undefined
    ? undefined
    : { seconds: chat.ephemeralExpiration ?? 0, at: toNumber(chat.ephemeralSettingTimestamp), isSet: false };

const type = 'chat-timer' satisfies OwnKeyType;

/** The ids of the keys of a person: both addresses, as either may be the only one that is known later. */
const idsOf = ({ phone, lid }: Addresses): string[] => [phone?.slice(1), lid].filter(id => id !== undefined);

/** The timers of a session's chats. Calls of `learn` must not overlap. */
export const createChatTimers = (keys: Pick<SignalKeyStore, 'get' | 'set'>): ChatTimers => {
  // The library's types name its own keys only.
  const read = async (ids: string[]): Promise<Record<string, ChatTimer>> =>
    (await keys.get(type as never, ids)) as Record<string, ChatTimer>;
  const newest = (known: Record<string, ChatTimer>): ChatTimer | undefined =>
    Object.values(known).reduce<ChatTimer | undefined>(
      (best, each) => (best && best.at >= each.at ? best : each),
      undefined,
    );

  return {
    async secondsOf(person) {
      return newest(await read(idsOf(person)))?.seconds ?? 0;
    },
    async learn(person, said) {
      if (!said) return;
      const { isSet, ...timer } = said;
      const ids = idsOf(person);
      const known = await read(ids);
      const last = newest(known);
      if (last ? last.at > timer.at : !isSet && timer.seconds === 0) return;
      // Each message of a chat carries its timer: it is stored once.
      if (!isSet && ids.every(id => known[id]?.seconds === timer.seconds)) return;
      await keys.set({ [type]: Object.fromEntries(ids.map(id => [id, timer])) } as object);
    },
  };
};
