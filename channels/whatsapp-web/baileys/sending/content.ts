// Recado's contents as WhatsApp messages.
import { randomBytes } from 'node:crypto';
import { generateWAMessageContent, jidNormalizedUser, proto } from 'baileys';
import type { WebContentType, WebFile, WebSend } from '../../protocol.ts';
import type { Me } from '../person.ts';
import { type ContactCard, toVcard } from './vcard.ts';

/** What was accepted by Recado's own checks, so that only the fields matter here. */
interface Fields {
  body?: string;
  preview_url?: boolean;
  caption?: string;
  filename?: string;
  voice?: boolean;
  latitude?: number;
  longitude?: number;
  name?: string;
  address?: string;
  emoji?: string | null;
}

const firstLink = (text: string): URL | undefined => {
  const found = /https?:\/\/[^\s<>"]+/.exec(text)?.[0];
  return found && URL.canParse(found) ? new URL(found) : undefined;
};

/** The simplest preview, of what the link itself says: this process fetches no page that a text names. */
const previewOf = ({ body = '', preview_url }: Fields): { 'matched-text': string; title: string } | null => {
  const link = preview_url ? firstLink(body) : undefined;
  return link ? { 'matched-text': link.href, title: link.hostname } : null;
};

const bytes = (base64: string | undefined): Uint8Array | null => (base64 ? Buffer.from(base64, 'base64') : null);

const fileFields = (file: WebFile) => ({
  url: file.url ?? null,
  directPath: file.directPath ?? null,
  mediaKey: bytes(file.mediaKey),
  fileSha256: bytes(file.fileSha256),
  fileEncSha256: bytes(file.fileEncSha256),
  fileLength: file.size ?? null,
  mimetype: file.mimeType ?? null,
  mediaKeyTimestamp: Math.floor(Date.now() / 1000),
});

/** The size of a picture, and what is shown of it until it is downloaded. */
const pictureFields = ({ picture }: WebFile): proto.Message.IImageMessage =>
  picture ? { width: picture.width, height: picture.height, jpegThumbnail: bytes(picture.preview) } : {};

/** The library's form of a content without a file, or the message of one with a file. */
type Built = { simple: Parameters<typeof generateWAMessageContent>[0] } | { message: proto.IMessage };
type Builder = (send: WebSend, jid: string) => Built | undefined;

const withFile =
  (make: (file: WebFile, fields: Fields) => proto.IMessage): Builder =>
  ({ file, content }) =>
    file && { message: make(file, (content ?? {}) as Fields) };

const builders: Record<WebContentType, Builder> = {
  text(send) {
    const fields = send.content as Fields;
    return { simple: { text: fields.body ?? '', linkPreview: previewOf(fields) as never } };
  },
  image: withFile((file, { caption }) => ({
    imageMessage: { ...fileFields(file), ...pictureFields(file), caption: caption ?? null },
  })),
  video: withFile((file, { caption }) => ({ videoMessage: { ...fileFields(file), caption: caption ?? null } })),
  audio: withFile((file, { voice }) => ({
    audioMessage: { ...fileFields(file), seconds: file.seconds ?? null, ptt: voice === true },
  })),
  document: withFile((file, { caption, filename: name = 'file' }) => ({
    documentMessage: { ...fileFields(file), fileName: name, title: name, caption: caption ?? null },
  })),
  sticker: withFile(file => ({ stickerMessage: fileFields(file) })),
  location(send) {
    const fields = send.content as Fields;
    const { latitude: degreesLatitude = 0, longitude: degreesLongitude = 0, name = null, address = null } = fields;
    return { simple: { location: { degreesLatitude, degreesLongitude, name, address } } };
  },
  contacts(send) {
    const cards = (send.content as ContactCard[]).map(card => ({
      displayName: card.name.formatted_name,
      vcard: toVcard(card),
    }));
    const displayName = cards.map(card => card.displayName).join(', ');
    return { simple: { contacts: { displayName, contacts: cards } } };
  },
  reaction({ content, target }, jid) {
    if (!target) return undefined;
    const { emoji } = content as Fields;
    return { simple: { react: { text: emoji ?? '', key: { remoteJid: jid, fromMe: target.fromMe, id: target.id } } } };
  },
};

const builderOf = (type: string): Builder | undefined =>
  Object.hasOwn(builders, type) ? builders[type as WebContentType] : undefined;

/** Sets what a message says beside its content. */
const addContext = (message: proto.IMessage, context: proto.IContextInfo): void => {
  const [part] = Object.values(message).filter(value => typeof value === 'object' && value !== null);
  Object.assign(part, { contextInfo: { ...part.contextInfo, ...context } });
};

/** Says which message this one answers. */
const quote = (target: NonNullable<WebSend['target']>, jid: string, me: Me): proto.IContextInfo => {
  const author = target.fromMe ? (jid.endsWith('@lid') && me.lid) || me.id : jid;
  return {
    stanzaId: target.id,
    participant: jidNormalizedUser(author),
    quotedMessage: { conversation: target.text ?? '' },
  };
};

/**
 * The message for a content. Undefined for a content that this channel cannot send.
 * @param disappearsAfter seconds after which messages of the chat disappear; 0 if they stay
 */
export const toMessage = async (
  send: WebSend,
  jid: string,
  me: Me,
  disappearsAfter: number,
): Promise<proto.IMessage | undefined> => {
  const built = builderOf(send.type)?.(send, jid);
  if (!built) return undefined;
  const upload = () => Promise.reject(new Error('No file to upload'));
  const message = 'simple' in built ? { ...(await generateWAMessageContent(built.simple, { upload })) } : built.message;
  delete message.messageContextInfo;
  if (send.type === 'reaction') return proto.Message.fromObject(message);
  if (send.target) addContext(message, quote(send.target, jid, me));
  if (disappearsAfter > 0) addContext(message, { expiration: disappearsAfter });
  // WhatsApp's own apps send a secret along, with which a recipient can report a message.
  message.messageContextInfo = { messageSecret: randomBytes(32) };
  return proto.Message.fromObject(message);
};
