// Reads the content of a message of WhatsApp Web, each kind in the shape that all channels share.
import type { WebFile, WebKey } from '@recado/whatsapp-web';
import type { IncomingMedia, IncomingMessage } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import { hexOf, type Json, numberIn } from './values.ts';
import { cardOf } from './vcard.ts';

export type Content = Pick<IncomingMessage, 'type' | 'content' | 'media'>;

/** Undefined where the part is not as it should be. */
type Reader = (part: Json, key: WebKey) => Content | undefined;

const longestName = 255;

/** The fields that are there. */
export const given = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));

/** A content that no reader knows, or that has no shape of its own. */
export const unsupported = (type: string): Content => ({
  type: 'unsupported',
  content: { type, data: null },
  media: undefined,
});

const text = (body: string | undefined, more: Json = {}): Content | undefined =>
  body === undefined ? undefined : { type: 'text', content: { body, ...given(more) }, media: undefined };

/** Lines of which each may be missing. */
const lines = (...all: (string | undefined)[]): string | undefined => all.filter(Boolean).join('\n') || undefined;

/** Everything that fetches the file, as one text. */
function fileOf(kind: WebFile['kind'], part: Json, key: WebKey): string | undefined {
  const mediaKey = asString(part.mediaKey);
  const place = { url: asString(part.url), directPath: asString(part.directPath) };
  if (mediaKey === undefined || (place.url ?? place.directPath) === undefined) return undefined;
  const file: WebFile = {
    kind,
    ...place,
    mediaKey,
    fileSha256: asString(part.fileSha256),
    fileEncSha256: asString(part.fileEncSha256),
    size: numberIn(part.fileLength),
    mimeType: asString(part.mimetype),
    message: key,
  };
  return JSON.stringify(file);
}

/** A content with a file; without what fetches the file it is shown without one. */
const media =
  (kind: WebFile['kind'], more: (part: Json) => Json = () => ({})): Reader =>
  (part, key) => {
    const mimeType = asString(part.mimetype)?.slice(0, 200);
    const caption = asString(part.caption);
    const fileName = asString(part.fileName)?.slice(0, longestName).toWellFormed();
    const voice = kind === 'audio' && part.ptt === true;
    const sha256 = hexOf(part.fileSha256);
    const channelMediaId = fileOf(kind, part, key);
    const file: IncomingMedia | undefined =
      channelMediaId === undefined ? undefined : { channelMediaId, mimeType, sha256, caption, fileName, voice };
    const content = given({ mime_type: mimeType, caption, filename: fileName, ...(voice && { voice }), ...more(part) });
    return { type: kind, content, media: file };
  };

const location: Reader = part => {
  const [latitude, longitude] = [numberIn(part.degreesLatitude), numberIn(part.degreesLongitude)];
  if (latitude === undefined || longitude === undefined) return undefined;
  const { name, address, url, caption, isLive } = part;
  const texts = { name: asString(name) ?? asString(caption), address: asString(address), url: asString(url) };
  return {
    type: 'location',
    content: { latitude, longitude, ...given(texts), ...(isLive === true && { live: true }) },
    media: undefined,
  };
};

const contacts = (parts: unknown[]): Content | undefined => {
  const cards = parts
    .map(asRecord)
    .filter(part => part !== undefined)
    .map(part => cardOf(asString(part.vcard) ?? '', asString(part.displayName)));
  return cards.length > 0 ? { type: 'contacts', content: cards, media: undefined } : undefined;
};

/** A poll has no type of its own: people read its question and options. */
const poll: Reader = part => {
  const name = asString(part.name);
  const options = asList(part.options).flatMap(option => asString(asRecord(option)?.optionName) ?? []);
  if (name === undefined) return undefined;
  const isMultiple = numberIn(part.selectableOptionsCount) !== 1;
  return text(lines(name, ...options.map(option => `• ${option}`)), { poll: { name, options, multiple: isMultiple } });
};

/** Names of the chosen options of a poll, as the answer that they are. */
export const voteContent = (options: string[]): Content => ({
  type: 'interactive',
  content: {
    type: 'list_reply',
    list_reply: { id: options.join(', '), title: options.join(', ') },
    poll_vote: { options },
  },
  media: undefined,
});

const event: Reader = part => {
  const start = numberIn(part.startTime);
  const startsAt = start === undefined ? undefined : new Date(start * 1_000);
  const time = startsAt && !Number.isNaN(startsAt.getTime()) ? startsAt.toISOString() : undefined;
  const name = asString(part.name);
  const canceled = part.isCanceled === true;
  return text(lines(name, asString(part.description)), {
    event: given({ name, starts_at: time, ...(canceled && { canceled }) }),
  });
};

const button = (shown: unknown, payload: unknown): Content => ({
  type: 'button',
  content: given({ text: asString(shown), payload: asString(payload) }),
  media: undefined,
});

const listReply: Reader = part => {
  const id = asString(asRecord(part.singleSelectReply)?.selectedRowId);
  const reply = given({ id, title: asString(part.title), description: asString(part.description) });
  return { type: 'interactive', content: { type: 'list_reply', list_reply: reply }, media: undefined };
};

const order: Reader = part => ({
  type: 'order',
  content: given({
    text: asString(part.message),
    title: asString(part.orderTitle),
    items: numberIn(part.itemCount),
    currency: asString(part.totalCurrencyCode),
  }),
  media: undefined,
});

const product: Reader = part => {
  const named = asRecord(part.product);
  return text(lines(asString(named?.title), asString(named?.description), asString(part.body)));
};

/** What businesses send with buttons: their text. */
const withButtons: Reader = part => {
  const four = asRecord(part.hydratedTemplate) ?? asRecord(part.hydratedFourRowTemplate) ?? {};
  const body = asString(part.contentText) ?? asString(part.description) ?? asString(asRecord(part.body)?.text);
  const title = asString(part.title) ?? asString(asRecord(part.header)?.title) ?? asString(four.hydratedTitleText);
  const footer =
    asString(part.footerText) ?? asString(asRecord(part.footer)?.text) ?? asString(four.hydratedFooterText);
  return text(lines(title, body ?? asString(four.hydratedContentText), footer));
};

/** The parts of a message that are its content. */
const readers: Readonly<Record<string, Reader>> = {
  extendedTextMessage: part => text(asString(part.text), part.matchedText ? { preview_url: true } : {}),
  imageMessage: media('image'),
  videoMessage: media('video', part => (part.gifPlayback === true ? { gif: true } : {})),
  ptvMessage: media('video', () => ({ note: true })),
  audioMessage: media('audio'),
  documentMessage: media('document'),
  stickerMessage: media('sticker', part => (part.isAnimated === true ? { animated: true } : {})),
  locationMessage: location,
  liveLocationMessage: part => location({ ...part, isLive: true }, { id: '', remoteJid: '', fromMe: false }),
  contactMessage: part => contacts([part]),
  contactsArrayMessage: part => contacts(asList(part.contacts)),
  pollCreationMessage: poll,
  pollCreationMessageV2: poll,
  pollCreationMessageV3: poll,
  pollCreationMessageV5: poll,
  eventMessage: event,
  buttonsResponseMessage: part => button(part.selectedDisplayText, part.selectedButtonId),
  templateButtonReplyMessage: part => button(part.selectedDisplayText, part.selectedId),
  listResponseMessage: listReply,
  interactiveResponseMessage: part => button(asRecord(part.body)?.text, asRecord(part.nativeFlowResponseMessage)?.name),
  orderMessage: order,
  productMessage: product,
  groupInviteMessage: part => text(lines(asString(part.caption), asString(part.groupName))),
  buttonsMessage: withButtons,
  listMessage: withButtons,
  templateMessage: withButtons,
  interactiveMessage: withButtons,
};

/** The parts beside a content, or of the protocol alone: without a content there is nothing to show. */
const silent = new Set([
  'messageContextInfo',
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'protocolMessage',
  'reactionMessage',
  'encReactionMessage',
  'pollUpdateMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'albumMessage',
  'deviceSentMessage',
  'call',
]);

/** A message's content with the context beside it; undefined if it has nothing that people see. */
export function readContent(message: Json, key: WebKey): { read: Content; context: Json | undefined } | undefined {
  const body = asString(message.conversation);
  if (body !== undefined) return { read: { type: 'text', content: { body }, media: undefined }, context: undefined };
  const entries = Object.entries(message).filter(([, value]) => asRecord(value) !== undefined);
  for (const [name, value] of entries) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    const part = asRecord(value);
    if (!reader || !part) continue;
    return { read: reader(part, key) ?? unsupported(name), context: asRecord(part.contextInfo) };
  }
  const unknown = entries.find(([name]) => !silent.has(name));
  return unknown && { read: unsupported(unknown[0]), context: asRecord(asRecord(unknown[1])?.contextInfo) };
}
