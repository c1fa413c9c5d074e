// The channel of an account on WhatsApp Web: calls of its open session.
import type { SessionCall, SessionCalls, WebFile, WebKey } from '@recado/whatsapp-web';
import type { Channel, NotOpen, Outcome, Outgoing } from '../../../ports/channel.ts';
import type { LiveSessions } from '../../../ports/gateway.ts';
import { asRecord, asString } from '../json.ts';
import { capabilities } from './capabilities.ts';
import { refusedAnswerTitle, restricted, restrictedTitle, titleOf } from './error-codes.ts';
import { fetchedFile, withUploadFile } from './files.ts';
import { webMessageId } from './message-id.ts';
import { webPicture } from './picture.ts';

/** A message that the channel knows, as far as a quote or a reaction needs it. */
export interface KnownMessage {
  isOurs: boolean;
  /** What it says, for those who do not have it any more. */
  text: string | undefined;
}

/** A message of a person that is to be shown as read. */
export interface UnreadKey {
  channelMessageId: string;
  /** The channel's address of the chat, and in a group that of the writer. */
  chat: string;
}

/** A recipient, beside the address that a message names. */
export interface KnownRecipient {
  /** E.164. */
  phone: string | undefined;
  lid: string | undefined;
  /** When the person wrote to the account for the last time. */
  wroteAt: Date | undefined;
}

/** What the channel asks Recado about an account. */
export interface AccountKnowledge {
  findRecipient(address: string): Promise<KnownRecipient | undefined>;
  findMessage(channelMessageId: string): Promise<KnownMessage | undefined>;
  /** The messages that somebody read together with this one. */
  readTogether(channelMessageId: string): Promise<{ to: string; keys: UnreadKey[] }>;
  /** When the phone was linked. */
  linkedAt(): Promise<Date | undefined>;
}

export interface WebChannelNeeds {
  sessions: LiveSessions;
  accountId: string;
  knowledge: AccountKnowledge;
  /** A folder of this machine that the session process reads and writes, too. */
  folder: string;
  /** How long a send may take, in milliseconds: shorter than the lease of its message. */
  deadlineMs: number;
}

/** How long WhatsApp keeps a file at least. */
const uploadLastsMs = 10 * 86_400_000;

const notOpen = (title: string): NotOpen => ({ class: 'not_open', title });
const tooLate = { class: 'unknown', code: 'timeout', title: 'The session did not respond in time.' } as const;
const processLost = { class: 'unknown', code: 'session_lost', title: 'The session ended during the call.' } as const;

/** The codes of the session for a connection that was closed before anything left. */
const closed = new Set(['not_connected', 'not_open']);

/** The channel of one account. */
export function whatsAppWeb(needs: WebChannelNeeds): Channel {
  const { sessions, accountId, knowledge, folder, deadlineMs } = needs;

  const call = <Name extends SessionCall>(name: Name, args: SessionCalls[Name]['args']) =>
    sessions.call(accountId, name, args);

  async function outcomeOf(
    result: SessionCalls['send']['result'],
    { messageId, to, recipient }: SessionCalls['send']['args'],
  ): Promise<Outcome | NotOpen> {
    if (result.class === 'accepted') {
      const phone = result.phone === to ? undefined : result.phone;
      return { class: 'accepted', channelMessageId: messageId, ...(phone !== undefined && { phone }) };
    }
    const { class: kind, code, title } = result;
    if (kind === 'not_sent' && closed.has(code)) return notOpen(title);
    if (kind !== 'rejected') return { class: kind, code, title };
    if (code !== restricted) return { class: kind, code, title: titleOf(code, title) };
    // The age of the link is about people who never wrote.
    const about = recipient?.wroteAt === undefined ? restrictedTitle(await knowledge.linkedAt()) : refusedAnswerTitle;
    return { class: kind, code, title: about };
  }

  async function targetOf({ target: id }: Outgoing) {
    if (id === undefined) return undefined;
    const known = await knowledge.findMessage(id);
    return { id, fromMe: known?.isOurs ?? false, text: known?.text };
  }

  return {
    capabilities,
    async send(outgoing, token) {
      if (!sessions.isOpen(accountId)) return notOpen('The session of the account is not open here.');
      const { to, type, content } = outgoing;
      const messageId = webMessageId(token);
      const target = await targetOf(outgoing);
      const file = fileIn(content);
      const known = await knowledge.findRecipient(to);
      const recipient = known && { ...known, wroteAt: known.wroteAt?.getTime() };
      const message = { messageId, to, type, content, file, target, recipient };
      const answer = await within(deadlineMs, call('send', message));
      if (!answer) return tooLate;
      if (answer.ok) return outcomeOf(answer.result, message);
      return answer.code === 'not_open' ? notOpen(answer.message) : processLost;
    },
    async uploadMedia(_, file) {
      return withUploadFile(folder, file, async path => {
        const { kind, mimeType, fileName, isVoice } = file;
        const picture = kind === 'image' && file.picture ? await webPicture(file.picture) : undefined;
        const answer = await call('upload', { path, kind, mimeType, fileName, isVoice, picture });
        if (!answer.ok) return { class: 'not_sent', code: answer.code, title: answer.message };
        const { result } = answer;
        if (result.class !== 'uploaded') return result;
        const expiresAt = new Date(Date.now() + uploadLastsMs);
        return { class: 'uploaded', channelMediaId: JSON.stringify(result.file), expiresAt };
      });
    },
    async fetchMedia(channelMediaId) {
      const file = fileOf(channelMediaId);
      if (!file) return { class: 'rejected', code: 'file_unreadable', title: 'The file has no address.' };
      const answer = await call('fetch', { file, maxBytes: capabilities.media[file.kind].maxBytes });
      if (!answer.ok) return { class: 'try_again', code: answer.code, title: answer.message };
      return fetchedFile(folder, answer.result);
    },
    async markRead(_, channelMessageId, isTyping = false) {
      if (!sessions.isOpen(accountId)) return 'try_again';
      const { to, keys } = await knowledge.readTogether(channelMessageId);
      if (keys.length > 0) {
        const answer = await call('markRead', { keys: keys.map(keyOf) });
        if (!answer.ok || answer.result !== 'done') return 'try_again';
      }
      if (!isTyping) return 'done';
      const answer = await call('showTyping', { to, isTyping });
      return answer.ok ? answer.result : 'try_again';
    },
  };
}

/** The result, or undefined if it takes longer. */
async function within<Result>(ms: number, result: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

const keyOf = ({ channelMessageId: id, chat }: UnreadKey): WebKey => {
  const [remoteJid = '', participant] = chat.split(' ');
  return { id, remoteJid, fromMe: false, participant };
};

/** The file of a content, which its upload returned as its id. */
const fileIn = (content: Outgoing['content']): WebFile | undefined => {
  const id = asString(asRecord(content)?.id);
  return id === undefined ? undefined : fileOf(id);
};

function fileOf(channelMediaId: string): WebFile | undefined {
  try {
    const file = asRecord(JSON.parse(channelMediaId));
    const isFile = asString(file?.mediaKey) !== undefined && Object.hasOwn(capabilities.media, String(file?.kind));
    return isFile ? (file as unknown as WebFile) : undefined;
  } catch {
    return undefined;
  }
}
