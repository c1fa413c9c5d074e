// What a screen shows of a message beside its content: one line for lists, and the text of a template.

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

const files: Record<string, string> = {
  image: 'Photo',
  video: 'Video',
  audio: 'Audio',
  document: 'Document',
  sticker: 'Sticker',
};

const withWords = (name: string, words: unknown): string => {
  const text = textOf(words);
  return text === '' ? name : `${name}: ${text}`;
};

/** A message in one line of plain text. */
export const previewOf = ({ type, content }: ScreenMessage, rendered: Rendered | undefined): string =>
  line(type, content, rendered).replace(marks, '$1$3').replace(/\s+/g, ' ').trim().slice(0, 200);

/** Bold, italic, struck and code marks around words. */
const marks = /(^|\s)([*_~`])(\S(?:[^\n]*?\S)?)\2(?=\s|[.,;:!?]|$)/g;

const line = (type: string, content: unknown, rendered: Rendered | undefined): string => {
  const own = fieldsOf(content);
  const file = Object.hasOwn(files, type) ? files[type] : undefined;
  if (file !== undefined) return withWords(own.voice === true ? 'Voice note' : file, own.caption ?? own.filename);
  switch (type) {
    case 'text':
    case 'system':
      return textOf(own.body) || 'Changed number or id';
    case 'location':
      return withWords('Location', own.name ?? own.address);
    case 'contacts':
      return withWords('Contact', fieldsOf(listOf(content)[0]?.name).formatted_name);
    case 'reaction':
      return own.emoji ? `Reacted ${textOf(own.emoji)}` : 'Removed a reaction';
    case 'interactive': {
      const answer = fieldsOf(own[textOf(own.type)]);
      return textOf(answer.title) || textOf(answer.body) || textOf(fieldsOf(own.body).text) || 'Message with buttons';
    }
    case 'template':
      return rendered?.body ?? withWords('Template', own.name);
    case 'button':
      return textOf(own.text);
    case 'order':
      return `Order of ${listOf(own.product_items).length}`;
    case 'call':
      return own.status === 'COMPLETED' ? 'Call' : 'Missed call';
    case 'revoked':
      return 'Deleted message';
    default:
      return `Message of type ${type}`;
  }
};
