// What a screen shows of a message beside its content: one line for lists, and the text of a template.
import type { AnyMessageType } from '@recado/contract';
import type { Template } from '../templates/template-store.ts';
import type { ScreenMessage } from './phones.ts';

type Fields = Record<string, unknown>;

/** A button of a template as a phone shows it. */
type RenderedButton = { type: string; text: string; url?: string; payload?: string };

export type Rendered = { header?: Fields; body: string; footer?: string; buttons: RenderedButton[] };

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isOf = (part: Fields, type: string) => textOf(part.type).toUpperCase() === type;

const copyCodeUrl = 'https://www.whatsapp.com/otp/code/';

/** A template with the parameters of a message. */
export const renderTemplate = (template: Template, content: unknown): Rendered => {
  const sent = listOf(fieldsOf(content).components);
  const parametersOf = (type: string) => listOf(sent.find(part => isOf(part, type))?.parameters);
  const partOf = (type: string) => template.components.find(part => isOf(part, type));
  const header = partOf('HEADER');
  const footer = textOf(partOf('FOOTER')?.text);
  return {
    ...(header === undefined ? {} : { header: renderHeader(header, parametersOf('HEADER')) }),
    body: filled(textOf(partOf('BODY')?.text), parametersOf('BODY')),
    ...(footer === '' ? {} : { footer }),
    buttons: listOf(partOf('BUTTONS')?.buttons).map((button, index) => {
      const own = sent.find(part => isOf(part, 'BUTTON') && Number(part.index) === index);
      return renderButton(button, listOf(own?.parameters));
    }),
  };
};

const renderHeader = (header: Fields, parameters: Fields[]): Fields => {
  if (textOf(header.format).toUpperCase() === 'TEXT')
    return { type: 'text', text: filled(textOf(header.text), parameters) };
  return parameters[0] ?? { type: textOf(header.format).toLowerCase() };
};

const renderButton = (button: Fields, parameters: Fields[]): RenderedButton => {
  const type = textOf(button.type).toUpperCase();
  const text = textOf(button.text);
  const given = parameters[0] ?? {};
  const value = textOf(given.payload ?? given.text ?? given.coupon_code);
  const url = textOf(button.url);
  if (type === 'URL' && url.startsWith(copyCodeUrl)) return { type: 'COPY_CODE', text, payload: value };
  if (type === 'URL') return { type, text, url: filled(url, parameters) };
  return { type, text: text || 'Copy code', ...(value === '' ? {} : { payload: value }) };
};

/** A text with its variables replaced, by name or by place. */
const filled = (text: string, parameters: readonly Fields[]): string =>
  text.replace(/\{\{\s*([a-z0-9_]+)\s*\}\}/gi, (whole, name: string) => {
    const found = parameters.find(each => each.parameter_name === name) ?? parameters[Number(name) - 1];
    if (found === undefined) return whole;
    const { currency, date_time } = found;
    return textOf(found.text ?? fieldsOf(currency ?? date_time).fallback_value);
  });

const withWords = (name: string, words: unknown): string => {
  const text = textOf(words);
  return text === '' ? name : `${name}: ${text}`;
};

/** A message in one line of plain text. */
export const previewOf = ({ type, content }: ScreenMessage, rendered: Rendered | undefined): string =>
  line(type, content, rendered).replace(marks, '$1$3').replace(/\s+/g, ' ').trim().slice(0, 200);

/** Bold, italic, struck and code marks around words. */
const marks = /(^|\s)([*_~`])(\S(?:[^\n]*?\S)?)\2(?=\s|[.,;:!?]|$)/g;

type Line = (content: unknown, rendered: Rendered | undefined) => string;

const fileLine =
  (name: string): Line =>
  content => {
    const own = fieldsOf(content);
    return withWords(own.voice === true ? 'Voice note' : name, own.caption ?? own.filename);
  };
const bodyLine: Line = content => textOf(fieldsOf(content).body) || 'Changed number or id';

/** The line of each type; `revoked`: the message was deleted. */
const lines: Record<AnyMessageType | 'revoked', Line> = {
  text: bodyLine,
  image: fileLine('Photo'),
  video: fileLine('Video'),
  audio: fileLine('Audio'),
  document: fileLine('Document'),
  sticker: fileLine('Sticker'),
  location(content) {
    const { name, address } = fieldsOf(content);
    return withWords('Location', name ?? address);
  },
  contacts: content => withWords('Contact', fieldsOf(listOf(content)[0]?.name).formatted_name),
  reaction(content) {
    const { emoji } = fieldsOf(content);
    return emoji ? `Reacted ${textOf(emoji)}` : 'Removed a reaction';
  },
  interactive(content) {
    const own = fieldsOf(content);
    const answer = fieldsOf(own[textOf(own.type)]);
    return textOf(answer.title) || textOf(answer.body) || textOf(fieldsOf(own.body).text) || 'Message with buttons';
  },
  template: (content, rendered) => rendered?.body ?? withWords('Template', fieldsOf(content).name),
  button: content => textOf(fieldsOf(content).text),
  order: content => `Order of ${listOf(fieldsOf(content).product_items).length}`,
  call: content => (fieldsOf(content).status === 'COMPLETED' ? 'Call' : 'Missed call'),
  system: bodyLine,
  unsupported: () => 'Message of type unsupported',
  revoked: () => 'Deleted message',
};

/** A test may write a message of any type. */
const line = (type: string, content: unknown, rendered: Rendered | undefined): string =>
  Object.hasOwn(lines, type) ? lines[type as keyof typeof lines](content, rendered) : `Message of type ${type}`;
