// What a template asks for, and the content of a message with these values.
import type { Template, TemplateContent } from '@recado/client';

/** A value to fill in. */
export interface Variable {
  /** `header`, `body` or `button`, and its name or position: `body.1`. */
  id: string;
  /** Its name; undefined for a number. */
  name: string | undefined;
  example: string;
  /** The label of the button whose link or code it is. */
  button?: string | undefined;
}

export const headerKinds = ['image', 'video', 'document'] as const;
export type HeaderKind = (typeof headerKinds)[number];

export interface TemplateShape {
  header: { kind: 'text'; text: string } | { kind: HeaderKind } | undefined;
  body: string;
  footer: string | undefined;
  buttons: { type: string; text: string }[];
  variables: Variable[];
  /** A person cannot fill it in here: cards, places, offers that end, products. */
  isForPrograms: boolean;
}

type Part = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const partsOf = (value: unknown): Part[] =>
  Array.isArray(value) ? value.filter((each): each is Part => typeof each === 'object' && each !== null) : [];
const upper = (value: unknown) => textOf(value).toUpperCase();

export const placeholder = /\{\{\s*([a-z0-9_]+)\s*\}\}/gi;

/** The variables of a text, each once: numbers in their order, names as they appear. */
const namesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(placeholder)].map(([, name]) => name ?? ''))].sort(
    (left, right) => Number(left) - Number(right) || 0,
  );

/** The samples that Meta reviewed, by the name or the position. */
function exampleOf(part: Part, name: string, at: number): string {
  const example = (part.example ?? {}) as Part;
  const named = [...partsOf(example.body_text_named_params), ...partsOf(example.header_text_named_params)];
  const found = named.find(({ param_name }) => param_name === name);
  if (found) return textOf(found.example);
  const rows = (example.body_text ?? [example.header_text]) as unknown[];
  const row = Array.isArray(rows[0]) ? rows[0] : [];
  return textOf(row[at]);
}

const variablesOf = (place: 'header' | 'body', part: Part): Variable[] =>
  namesIn(textOf(part.text)).map((name, at) => ({
    id: `${place}.${name}`,
    name: /^\d+$/.test(name) ? undefined : name,
    example: exampleOf(part, name, at),
  }));

/** The end of a link, or a code to copy. */
function variableOfButton(button: Part, at: number): Variable[] {
  const isLink = upper(button.type) === 'URL' && namesIn(textOf(button.url)).length > 0;
  if (!isLink && upper(button.type) !== 'COPY_CODE') return [];
  const sample = Array.isArray(button.example) ? textOf(button.example[0]) : textOf(button.example);
  const fixed = textOf(button.url).split('{{')[0] ?? '';
  const example = isLink && sample.startsWith(fixed) ? sample.slice(fixed.length) : sample;
  return [{ id: `button.${at}`, name: undefined, example, button: labelOf(button) }];
}

const labelOf = (button: Part) => textOf(button.text) || (upper(button.type) === 'COPY_CODE' ? 'Copy code' : '');

const forPrograms = new Set(['MPM', 'OTP']);

/** What a template asks for. */
export function shapeOf({ components, category }: Template): TemplateShape {
  const find = (type: string) => components.find(part => upper(part.type) === type);
  const header = find('HEADER');
  const body = find('BODY') ?? {};
  const buttons = partsOf(find('BUTTONS')?.buttons);
  const format = textOf(header?.format).toLowerCase();
  const mediaKind = headerKinds.find(kind => kind === format);
  const isText = header !== undefined && format === 'text';
  return {
    header: isText ? { kind: 'text', text: textOf(header.text) } : mediaKind && { kind: mediaKind },
    body: textOf(body.text),
    footer: textOf(find('FOOTER')?.text) || undefined,
    buttons: buttons.map(button => ({ type: upper(button.type), text: labelOf(button) })),
    variables: [
      ...(isText ? variablesOf('header', header) : []),
      ...variablesOf('body', body),
      ...buttons.flatMap(variableOfButton),
    ],
    isForPrograms:
      category === 'AUTHENTICATION' ||
      (header !== undefined && !isText && mediaKind === undefined) ||
      buttons.some(button => forPrograms.has(upper(button.type))) ||
      find('CAROUSEL') !== undefined ||
      find('LIMITED_TIME_OFFER') !== undefined,
  };
}

export type Values = Readonly<Record<string, string>>;

export interface HeaderFile {
  id: string;
  filename: string;
}

/** The content of a message with these values. */
export function contentOf(template: Template, values: Values, file: HeaderFile | undefined): TemplateContent {
  const { header, variables, buttons } = shapeOf(template);
  const isNamed = template.parameter_format === 'named';
  const texts = (place: 'header' | 'body') =>
    variables
      .filter(({ id }) => id.startsWith(`${place}.`))
      .map(({ id }) => ({
        type: 'text' as const,
        text: values[id]?.trim() ?? '',
        ...(isNamed && { parameter_name: id.slice(place.length + 1) }),
      }));
  const [ofHeader, ofBody] = [
    header && header.kind !== 'text' ? [fileOf(header.kind, file)] : texts('header'),
    texts('body'),
  ];
  const components = [
    ...(ofHeader.length > 0 ? [{ type: 'header' as const, parameters: ofHeader }] : []),
    ...(ofBody.length > 0 ? [{ type: 'body' as const, parameters: ofBody }] : []),
    ...variables.filter(({ id }) => id.startsWith('button.')).map(({ id }) => buttonOf(id, values, buttons)),
  ];
  return { name: template.name, language: { code: template.language }, ...(components.length > 0 && { components }) };
}

function fileOf(kind: HeaderKind, file: HeaderFile | undefined) {
  const id = file?.id ?? '';
  if (kind === 'image') return { type: kind, image: { id } };
  if (kind === 'video') return { type: kind, video: { id } };
  return { type: kind, document: { id, filename: file?.filename } };
}

function buttonOf(id: string, values: Values, buttons: TemplateShape['buttons']) {
  const index = id.slice('button.'.length);
  const value = values[id]?.trim() ?? '';
  return buttons[Number(index)]?.type === 'COPY_CODE'
    ? {
        type: 'button' as const,
        sub_type: 'copy_code' as const,
        index,
        parameters: [{ type: 'coupon_code' as const, coupon_code: value }],
      }
    : {
        type: 'button' as const,
        sub_type: 'url' as const,
        index,
        parameters: [{ type: 'text' as const, text: value }],
      };
}
