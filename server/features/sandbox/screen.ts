// A chat of the simulator as the API shows it: Meta's content becomes what a phone draws.
import type { AnyMessageType, PhoneMessage, PhoneScreen } from '@recado/contract';
import type { Chat, ScreenMessage } from './simulator.ts';

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The content of the kind that an interactive message, or an answer to one, names in its `type`. */
const ofItsType = (content: Fields): Fields => fieldsOf(content[textOf(content.type) ?? '']);

/** Shows a chat. Reactions are shown at their message. */
export function presentScreen(chat: Chat): PhoneScreen {
  const { messages } = chat;
  const known = new Set(messages.map(({ id }) => id));
  const isShown = ({ type, content }: ScreenMessage) =>
    type !== 'reaction' || !known.has(textOf(fieldsOf(content).message_id) ?? '');
  const shown = messages.filter(isShown).map(message => presentMessage(message, messages));
  return {
    number: chat.number,
    auto_read: chat.auto_read,
    auto_reply: chat.auto_reply,
    typing: chat.typing,
    unread_count: shown.filter(({ from, status }) => from === 'account' && status !== 'read').length,
    messages: shown,
  };
}

function presentMessage(message: ScreenMessage, all: readonly ScreenMessage[]): PhoneMessage {
  const { id, type, status, preview, media } = message;
  const content = fieldsOf(message.content);
  const header = fieldsOf(message.rendered?.header ?? content.header);
  return {
    id,
    from: message.direction === 'written' ? 'person' : 'account',
    type,
    at: message.at,
    status,
    preview,
    header: textOf(header.text),
    text: bodyOf(message),
    footer: textOf(message.rendered?.footer) ?? textOf(fieldsOf(content.footer).text),
    file: media
      ? { mime_type: media.mime_type, size: media.size, filename: media.filename, voice: content.voice === true }
      : null,
    choices: choicesOf(message, all),
    link: linkOf(message),
    location: placeOf(type === 'location' ? content : fieldsOf(header.location)),
    people: type === 'contacts' ? listOf(message.content).map(personOf) : [],
    quotes: message.quoted ?? null,
    reactions: { person: reactionOf('written', id, all), account: reactionOf('received', id, all) },
    edited: message.edited ?? false,
    deleted: type === 'revoked',
  };
}

const asPreview = ({ preview }: ScreenMessage): string | null => preview;
const ownBody = ({ content, preview }: ScreenMessage): string | null => textOf(fieldsOf(content).body) ?? preview;
const caption = ({ content }: ScreenMessage): string | null => textOf(fieldsOf(content).caption);
const noText = () => null;

/** The text of each type on a phone; `revoked`: the message was deleted. */
const texts: Record<AnyMessageType | 'revoked', (message: ScreenMessage) => string | null> = {
  text: ownBody,
  image: caption,
  video: caption,
  audio: noText,
  document: caption,
  sticker: noText,
  location: noText,
  contacts: noText,
  reaction: asPreview,
  interactive({ content, preview }) {
    const own = fieldsOf(content);
    return textOf(fieldsOf(own.body).text) ?? textOf(ofItsType(own).title) ?? preview;
  },
  template: ({ rendered, preview }) => rendered?.body ?? preview,
  button: ({ content }) => textOf(fieldsOf(content).text),
  order: asPreview,
  call: asPreview,
  system: ownBody,
  unsupported: asPreview,
  revoked: noText,
};

/** The simulator shows any type; one that Recado does not know has its preview. */
const bodyOf = (message: ScreenMessage): string | null =>
  (Object.hasOwn(texts, message.type) ? texts[message.type as keyof typeof texts] : asPreview)(message);

/** What the person answered to a message with buttons or a list. */
function chosenOf(id: string, all: readonly ScreenMessage[]): string | null {
  const answer = all.findLast(
    ({ direction, quoted, type }) =>
      direction === 'written' && quoted === id && (type === 'interactive' || type === 'button'),
  );
  const content = fieldsOf(answer?.content);
  return textOf(content.text) ?? textOf(ofItsType(content).title);
}

function choicesOf(message: ScreenMessage, all: readonly ScreenMessage[]): PhoneMessage['choices'] {
  if (message.direction !== 'received') return null;
  const offered = message.type === 'template' ? templateButtons(message) : interactiveChoices(message);
  return offered && { ...offered, chosen: chosenOf(message.id, all) };
}

type Offered = Omit<NonNullable<PhoneMessage['choices']>, 'chosen'> | null;

function interactiveChoices({ type, content }: ScreenMessage): Offered {
  const own = fieldsOf(content);
  const action = fieldsOf(own.action);
  if (type !== 'interactive') return null;
  const optionOf = (option: Fields) => ({
    id: textOf(option.id) ?? '',
    title: textOf(option.title) ?? '',
    description: textOf(option.description),
  });
  if (own.type === 'button') {
    const options = listOf(action.buttons).map(({ reply }) => optionOf(fieldsOf(reply)));
    return { kind: 'buttons', title: null, options };
  }
  if (own.type === 'carousel') {
    const options = listOf(action.cards).flatMap(card =>
      listOf(fieldsOf(card.action).buttons).map(button => optionOf(fieldsOf(button.quick_reply))),
    );
    return options.length === 0 ? null : { kind: 'buttons', title: null, options };
  }
  if (own.type !== 'list') return null;
  const options = listOf(action.sections).flatMap(({ rows }) => listOf(rows).map(optionOf));
  return { kind: 'list', title: textOf(action.button), options };
}

/** The quick replies of a template, chosen by their payload. */
function templateButtons({ rendered }: ScreenMessage): Offered {
  const options = (rendered?.buttons ?? [])
    .filter(({ type }) => type === 'QUICK_REPLY')
    .map(({ text, payload }) => ({ id: payload ?? text, title: text, description: null }));
  return options.length === 0 ? null : { kind: 'buttons', title: null, options };
}

function linkOf({ type, content, rendered }: ScreenMessage): PhoneMessage['link'] {
  const button = rendered?.buttons.find(each => each.type === 'URL');
  if (button?.url !== undefined) return { title: button.text, url: button.url };
  const own = fieldsOf(content);
  if (type !== 'interactive' || own.type !== 'cta_url') return null;
  const { display_text: title, url } = fieldsOf(fieldsOf(own.action).parameters);
  return typeof url === 'string' ? { title: textOf(title) ?? url, url } : null;
}

function placeOf({ latitude, longitude, name, address }: Fields): PhoneMessage['location'] {
  const [north, east] = [Number(latitude), Number(longitude)];
  if (latitude === undefined || !Number.isFinite(north) || !Number.isFinite(east)) return null;
  return { latitude: north, longitude: east, name: textOf(name), address: textOf(address) };
}

const personOf = ({ name, phones }: Fields) => {
  const [first] = listOf(phones);
  return { name: textOf(fieldsOf(name).formatted_name) ?? '', phone: textOf(first?.phone) };
};

function reactionOf(direction: ScreenMessage['direction'], id: string, all: readonly ScreenMessage[]): string | null {
  const newest = all.findLast(
    message =>
      message.type === 'reaction' && message.direction === direction && fieldsOf(message.content).message_id === id,
  );
  return textOf(fieldsOf(newest?.content).emoji);
}
