// The protobufs of what people write.
import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { aesEncryptGCM, proto } from 'baileys';
import type { Account } from './accounts.ts';
import { type ChatMessage, keyFor } from './chat-message.ts';
import type { MediaFields, MediaKind } from './media.ts';

const { Type } = proto.Message.ProtocolMessage;
const sha256 = (text: string) => createHash('sha256').update(text).digest();
const hmac = (bytes: Uint8Array, key: Uint8Array) => createHmac('sha256', key).update(bytes).digest();

/** A text; with `quotes`, an answer. */
export function text(words: string, quotes?: ChatMessage): proto.IMessage {
  if (!quotes) return { conversation: words };
  const contextInfo = {
    stanzaId: quotes.id,
    participant: quotes.author.jid(quotes.addressing),
    quotedMessage: quotes.content ?? {},
  };
  return { extendedTextMessage: { text: words, contextInfo } };
}

/** With a secret, as each message of the apps has one. */
export const withSecret = (message: proto.IMessage): proto.IMessage => ({
  ...message,
  messageContextInfo: { messageSecret: randomBytes(32) },
});

/** Sets after how many seconds messages of the chat disappear; 0: they stay. */
export const timer = (seconds: number): proto.IMessage => ({
  protocolMessage: { type: Type.EPHEMERAL_SETTING, ephemeralExpiration: seconds },
});

const withoutTimer = new Set(['protocolMessage', 'reactionMessage', 'pollUpdateMessage', 'secretEncryptedMessage']);

/** The message as it is written in a chat whose messages disappear: it carries the time. */
export function expiring(message: proto.IMessage, expiration: number): proto.IMessage {
  const { conversation, ...rest } = message;
  const written: proto.IMessage = conversation ? { ...rest, extendedTextMessage: { text: conversation } } : message;
  return Object.fromEntries(
    Object.entries(written).map(([name, part]) =>
      !name.endsWith('Message') || withoutTimer.has(name)
        ? [name, part]
        : [name, { ...part, contextInfo: { ...part.contextInfo, expiration } }],
    ),
  );
}

/** What is said of a file. */
export interface FileOptions {
  mimeType?: string;
  caption?: string;
  fileName?: string;
  isVoice?: boolean;
}

/** A message with a file that was uploaded. */
export function file(kind: Exclude<MediaKind, 'history'>, fields: MediaFields, options: FileOptions): proto.IMessage {
  const { caption, fileName } = options;
  const common = { ...fields, mediaKeyTimestamp: Math.floor(Date.now() / 1000) };
  const mimetype = (usual: string) => options.mimeType ?? usual;
  if (kind === 'image')
    return { imageMessage: { ...common, mimetype: mimetype('image/jpeg'), ...(caption && { caption }) } };
  if (kind === 'video')
    return { videoMessage: { ...common, mimetype: mimetype('video/mp4'), ...(caption && { caption }) } };
  if (kind === 'sticker') return { stickerMessage: { ...common, mimetype: mimetype('image/webp') } };
  if (kind === 'audio')
    return {
      audioMessage: {
        ...common,
        mimetype: mimetype('audio/ogg; codecs=opus'),
        ptt: options.isVoice ?? false,
        seconds: 1,
      },
    };
  const named = { ...(caption && { caption }), fileName: fileName ?? 'file' };
  return { documentMessage: { ...common, mimetype: mimetype('application/octet-stream'), ...named } };
}

export const location = (latitude: number, longitude: number, name?: string): proto.IMessage => ({
  locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, ...(name && { name }) },
});

export const contact = (name: string, phone: string): proto.IMessage => ({
  contactMessage: {
    displayName: name,
    vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL;type=CELL;waid=${phone.slice(1)}:${phone}\nEND:VCARD`,
  },
});

/** A reaction; an empty emoji takes it back. */
export const reaction = (by: Account, to: ChatMessage, emoji: string): proto.IMessage => ({
  reactionMessage: { key: keyFor(by, to), text: emoji, senderTimestampMs: Date.now() },
});

export const edit = (by: Account, of: ChatMessage, words: string): proto.IMessage => ({
  protocolMessage: {
    key: keyFor(by, of),
    type: Type.MESSAGE_EDIT,
    editedMessage: { conversation: words },
    timestampMs: Date.now(),
  },
});

/** The same as today's apps send it: sealed with the secret of the message. Without a secret nobody can open it. */
export const sealedEdit = (by: Account, of: ChatMessage, words: string, isOpenable = true): proto.IMessage => {
  const secret = of.content?.messageContextInfo?.messageSecret;
  if (!secret) throw new Error('This message came without its secret.');
  const author = by.jid(of.addressing);
  const info = `${of.id}${author}${author}Message Edit`;
  const key = Buffer.from(hkdfSync('sha256', isOpenable ? secret : randomBytes(32), '', info, 32));
  const encIv = randomBytes(12);
  const plaintext = proto.Message.encode(edit(by, of, words)).finish();
  return {
    messageContextInfo: { messageSecret: randomBytes(32) },
    secretEncryptedMessage: {
      targetMessageKey: keyFor(by, of),
      encIv,
      encPayload: aesEncryptGCM(plaintext, key, encIv, Buffer.alloc(0)),
      secretEncType: proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT,
    },
  };
};

export const deletion = (by: Account, of: ChatMessage): proto.IMessage => ({
  protocolMessage: { key: keyFor(by, of), type: Type.REVOKE },
});

/** A poll with the secret that votes are encrypted with. */
export const poll = (name: string, options: string[], selectable = 1): proto.IMessage => ({
  messageContextInfo: { messageSecret: randomBytes(32) },
  pollCreationMessageV3: {
    name,
    options: options.map(optionName => ({ optionName })),
    selectableOptionsCount: selectable,
  },
});

/** A vote, encrypted as only those can read it who have the poll. */
export function vote(by: Account, of: ChatMessage, options: string[]): proto.IMessage {
  const secret = of.content?.messageContextInfo?.messageSecret;
  if (!secret) throw new Error('This message is no poll, or came without its secret.');
  const [creator, voter] = [of.author.jid(of.addressing), by.jid(of.addressing)];
  const sign = Buffer.concat([Buffer.from(`${of.id}${creator}${voter}Poll Vote`), Buffer.from([1])]);
  const key = hmac(sign, hmac(secret, new Uint8Array(32)));
  const encIv = randomBytes(12);
  const chosen = proto.Message.PollVoteMessage.encode({ selectedOptions: options.map(sha256) }).finish();
  const encPayload = aesEncryptGCM(chosen, key, encIv, Buffer.from(`${of.id}\u0000${voter}`));
  return {
    pollUpdateMessage: {
      pollCreationMessageKey: keyFor(by, of),
      vote: { encPayload, encIv },
      senderTimestampMs: Date.now(),
    },
  };
}
