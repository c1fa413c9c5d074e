// A template as it is edited, and the definition that the API takes of it.
import type { CreateTemplate, Template } from '@recado/client';
import type { TemplateCategory } from '@recado/contract';

type Components = CreateTemplate['components'];
type Component = Components[number];
type Part<Type extends Component['type']> = Extract<Component, { type: Type }>;
type AnyButton = Part<'BUTTONS'>['buttons'][number];

export const headerFormats = ['TEXT', 'IMAGE', 'VIDEO', 'GIF', 'DOCUMENT', 'LOCATION', 'PRODUCT'] as const;
export type HeaderFormat = (typeof headerFormats)[number];

/** The kinds of buttons that a person can add, and the field that each has beside its label. */
export const buttonFields = {
  QUICK_REPLY: undefined,
  URL: 'url',
  PHONE_NUMBER: 'phone_number',
  COPY_CODE: 'example',
  FLOW: 'flow_id',
  CATALOG: undefined,
  MPM: undefined,
  SPM: undefined,
  VOICE_CALL: undefined,
  ORDER_DETAILS: undefined,
  REQUEST_CONTACT_INFO: undefined,
} as const satisfies Partial<Record<AnyButton['type'], string | undefined>>;
export type ButtonKind = keyof typeof buttonFields;
export const buttonKinds = Object.keys(buttonFields) as ButtonKind[];

/** Buttons whose label WhatsApp writes. */
export const withoutLabel: ReadonlySet<ButtonKind> = new Set(['COPY_CODE', 'REQUEST_CONTACT_INFO']);

export interface DraftButton {
  /** Of this page only: buttons move. */
  key: number;
  kind: ButtonKind;
  text: string;
  /** The link, the number, the code or the flow. */
  value: string;
  /** A sample of the end of a link. */
  example: string;
  /** Fields of the definition that this page does not show. */
  rest: Record<string, unknown>;
}

/** The sample of a header's file: one of ours. */
export interface SampleFile {
  id: string;
  filename: string;
}

export interface Draft {
  name: string;
  language: string;
  category: TemplateCategory;
  isNamed: boolean;
  header: HeaderFormat | undefined;
  headerText: string;
  file: SampleFile | undefined;
  body: string;
  footer: string;
  buttons: readonly DraftButton[];
  /** Samples by place and name: `body.customer`, `header.1`. */
  samples: Readonly<Record<string, string>>;
  /** Of a template for codes: a warning against sharing it, and how long it is valid. */
  warnsOfSharing: boolean;
  minutes: string;
  /** The button of a template for codes, as it is at WhatsApp. */
  codeButton: AnyButton;
}

const copyCode: AnyButton = { type: 'OTP', otp_type: 'COPY_CODE' };

export const emptyDraft: Draft = {
  name: '',
  language: '',
  category: 'UTILITY',
  isNamed: true,
  header: undefined,
  headerText: '',
  file: undefined,
  body: '',
  footer: '',
  buttons: [],
  samples: {},
  warnsOfSharing: true,
  minutes: '10',
  codeButton: copyCode,
};

const variable = /\{\{([^{}]*)\}\}/g;

/** The variables of a text, each once, in their order. */
export const variablesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(variable)].map(([, name]) => (name ?? '').trim())),
];

/** All variables with the key of their sample. */
export const variablesOf = ({ header, headerText, body }: Draft): { key: string; name: string }[] => [
  ...(header === 'TEXT' ? variablesIn(headerText).map(name => ({ key: `header.${name}`, name })) : []),
  ...variablesIn(body).map(name => ({ key: `body.${name}`, name })),
];

/** A name for a variable that is added: the next number, or a name that is free. */
export function nextVariable({ isNamed, body }: Draft): string {
  const used = variablesIn(body);
  if (!isNamed) return String(used.length + 1);
  for (let at = 1; ; at++) if (!used.includes(`value_${at}`)) return `value_${at}`;
}

type Shown = Record<string, unknown>;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): Shown[] =>
  Array.isArray(value) ? value.filter((each): each is Shown => typeof each === 'object' && each !== null) : [];
const typeOf = ({ type }: Shown) => textOf(type).toUpperCase();

const shownTypes = new Set(['HEADER', 'BODY', 'FOOTER', 'BUTTONS']);

/** Whether this page shows every part: cards, offers and requests to call are for programs. */
export const isEditable = ({ components }: Template): boolean =>
  components.every(part => shownTypes.has(typeOf(part))) &&
  listOf(components.find(part => typeOf(part) === 'BUTTONS')?.buttons).every(
    button => typeOf(button) === 'OTP' || typeOf(button) in buttonFields,
  );

/** A template of WhatsApp as a draft. Its files are WhatsApp's: a header of a file needs a new sample. */
export function draftOf(template: Template): Draft {
  const find = (type: string): Shown => template.components.find(part => typeOf(part) === type) ?? {};
  const [header, body, footer] = [find('HEADER'), find('BODY'), find('FOOTER')];
  const buttons = listOf(find('BUTTONS').buttons);
  const isNamed = template.parameter_format === 'named';
  const isCode = template.category === 'AUTHENTICATION';
  const format = headerFormats.find(each => each === textOf(header.format).toUpperCase());
  const code = buttons.find(button => typeOf(button) === 'OTP');
  return {
    ...emptyDraft,
    name: template.name,
    language: template.language,
    category: template.category as TemplateCategory,
    isNamed,
    header: format,
    headerText: textOf(header.text),
    body: isCode ? '' : textOf(body.text),
    footer: isCode ? '' : textOf(footer.text),
    buttons: isCode ? [] : buttons.map(buttonDraftOf),
    samples: { ...samplesOf('header', header, isNamed), ...samplesOf('body', body, isNamed) },
    warnsOfSharing: body.add_security_recommendation === true,
    minutes: typeof footer.code_expiration_minutes === 'number' ? String(footer.code_expiration_minutes) : '',
    codeButton: (code as AnyButton | undefined) ?? copyCode,
  };
}

function buttonDraftOf(button: Shown, key: number): DraftButton {
  const kind = typeOf(button) as ButtonKind;
  const field = buttonFields[kind];
  const { type: _, text, example, ...others } = button;
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => name !== field));
  const sample = textOf(Array.isArray(example) ? example[0] : example);
  const value = kind === 'COPY_CODE' ? sample : textOf(field && button[field]);
  const fixed = value.split('{{')[0] ?? '';
  return {
    key,
    kind,
    text: textOf(text),
    value,
    example: kind === 'URL' && sample.startsWith(fixed) ? sample.slice(fixed.length) : '',
    rest,
  };
}

function samplesOf(place: 'header' | 'body', part: Shown, isNamed: boolean): Record<string, string> {
  const example = (part.example ?? {}) as Shown;
  if (isNamed)
    return Object.fromEntries(
      listOf(example[`${place}_text_named_params`]).map(({ param_name, example: sample }) => [
        `${place}.${textOf(param_name)}`,
        textOf(sample),
      ]),
    );
  const given = example[`${place}_text`];
  const row = place === 'body' && Array.isArray(given) ? given[0] : given;
  const texts: unknown[] = Array.isArray(row) ? row : [];
  return Object.fromEntries(texts.map((sample, at) => [`${place}.${at + 1}`, textOf(sample)]));
}

/** The definition for the API. */
export function componentsOf(draft: Draft): Components {
  const { category, header, footer, buttons, minutes, warnsOfSharing, codeButton } = draft;
  if (category === 'AUTHENTICATION')
    return [
      { type: 'BODY', ...(warnsOfSharing && { add_security_recommendation: true }) },
      ...(minutes === '' ? [] : [{ type: 'FOOTER' as const, code_expiration_minutes: Number(minutes) }]),
      { type: 'BUTTONS', buttons: [codeButton] },
    ];
  return [
    ...(header ? [headerOf(draft, header)] : []),
    { type: 'BODY', text: draft.body, ...exampleOf(draft, 'body', draft.body) },
    ...(footer.trim() === '' ? [] : [{ type: 'FOOTER' as const, text: footer.trim() }]),
    ...(buttons.length === 0 ? [] : [{ type: 'BUTTONS' as const, buttons: buttons.map(buttonOf) }]),
  ] as Components;
}

const fileFormats: ReadonlySet<HeaderFormat> = new Set(['IMAGE', 'VIDEO', 'GIF', 'DOCUMENT']);
export const needsFile = (format: HeaderFormat | undefined): boolean => format !== undefined && fileFormats.has(format);

function headerOf(draft: Draft, format: HeaderFormat) {
  if (format === 'TEXT')
    return { type: 'HEADER', format, text: draft.headerText, ...exampleOf(draft, 'header', draft.headerText) };
  return { type: 'HEADER', format, ...(needsFile(format) && draft.file && { example: { media_id: draft.file.id } }) };
}

/** The samples of a text in its order; nothing without variables. */
function exampleOf({ isNamed, samples }: Draft, place: 'header' | 'body', text: string) {
  const names = variablesIn(text);
  if (names.length === 0) return {};
  const sampleOf = (name: string) => samples[`${place}.${name}`]?.trim() ?? '';
  if (isNamed) {
    const named = names.map(name => ({ param_name: name, example: sampleOf(name) }));
    return { example: { [`${place}_text_named_params`]: named } };
  }
  const row = [...names].sort((a, b) => Number(a) - Number(b)).map(sampleOf);
  return { example: place === 'body' ? { body_text: [row] } : { header_text: row } };
}

function buttonOf({ kind, text, value, example, rest }: DraftButton) {
  const field = buttonFields[kind];
  const label = withoutLabel.has(kind) ? {} : { text: text.trim() };
  const isVariable = kind === 'URL' && value.includes('{{');
  const fixed = value.split('{{')[0] ?? '';
  return {
    ...rest,
    type: kind,
    ...label,
    // A flow may be named instead.
    ...(field && (value.trim() !== '' || kind !== 'FLOW') && { [field]: value.trim() }),
    ...(isVariable && { example: [`${fixed}${example.trim()}`] }),
  };
}

/** A draft as a template, for the preview. */
export const previewOf = (draft: Draft): Pick<Template, 'components' | 'category'> => ({
  category: draft.category,
  components: componentsOf(draft) as unknown as Template['components'],
});
