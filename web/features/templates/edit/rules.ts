// WhatsApp's rules for a template, checked while somebody writes it.
import { type ButtonKind, type Draft, needsFile, variablesIn, variablesOf, withoutLabel } from './draft.ts';

/** Longest texts, in characters. */
export const lengths = { header: 60, body: 1_024, footer: 60, button: 25 } as const;

export const rules = [
  'name',
  'text',
  'edges',
  'names',
  'samples',
  'file',
  'lengths',
  'words',
  'emptyLines',
  'header',
  'footer',
  'buttons',
  'labels',
  'links',
  'code',
] as const;
export type Rule = (typeof rules)[number];

export interface Checked {
  rule: Rule;
  holds: boolean;
}

const mostOf: Partial<Record<ButtonKind, number>> = {
  URL: 2,
  PHONE_NUMBER: 1,
  COPY_CODE: 1,
  FLOW: 1,
  CATALOG: 1,
  MPM: 1,
  SPM: 1,
  VOICE_CALL: 1,
  ORDER_DETAILS: 1,
  REQUEST_CONTACT_INFO: 1,
};
const mostButtons = 10;

const isName = (text: string) => /^[a-z0-9_]{1,512}$/.test(text);
const isNumbered = (names: readonly string[]) =>
  names.every(name => /^\d+$/.test(name)) && names.every((_, at) => names.includes(String(at + 1)));
const areNamed = (names: readonly string[]) => names.every(name => /^[a-z][a-z0-9_]*$/.test(name));

/** Each rule that concerns the draft, and whether it holds. */
export function checkRules(draft: Draft): Checked[] {
  const { category, name, header, headerText, body, footer, buttons, samples, isNamed, file } = draft;
  if (category === 'AUTHENTICATION')
    return [
      { rule: 'name', holds: isName(name) },
      { rule: 'code', holds: draft.minutes === '' || isMinutes(draft.minutes) },
    ];
  const isText = header === 'TEXT';
  const variables = variablesOf(draft);
  const names = variablesIn(body);
  const areSet = (texts: readonly string[]) => (isNamed ? areNamed(texts) : isNumbered(texts));
  const all: (Checked & { concerns: boolean })[] = [
    { rule: 'name', concerns: true, holds: isName(name) },
    { rule: 'text', concerns: true, holds: body.trim() !== '' && (!isText || headerText.trim() !== '') },
    { rule: 'edges', concerns: names.length > 0, holds: !/^\s*\{\{|\}\}\s*$/.test(body) },
    {
      rule: 'names',
      concerns: variables.length > 0,
      holds: areSet(names) && areSet(isText ? variablesIn(headerText) : []),
    },
    {
      rule: 'samples',
      concerns: variables.length > 0,
      holds: variables.every(({ key }) => (samples[key] ?? '').trim() !== ''),
    },
    { rule: 'file', concerns: needsFile(header), holds: file !== undefined },
    { rule: 'lengths', concerns: true, holds: areShort(draft) },
    { rule: 'words', concerns: names.length > 0, holds: names.length * 3 <= body.split(/\s+/).length },
    { rule: 'emptyLines', concerns: body.includes('\n'), holds: !/\n{3}/.test(body) },
    {
      rule: 'header',
      concerns: isText,
      holds: (headerText.match(/\{\{/g)?.length ?? 0) <= 1 && !/[*_~`\n]/.test(plain(headerText)),
    },
    { rule: 'footer', concerns: footer !== '', holds: variablesIn(footer).length === 0 },
    { rule: 'buttons', concerns: buttons.length > 0, holds: areOrdered(draft) },
    { rule: 'labels', concerns: buttons.length > 0, holds: haveLabels(draft) },
    { rule: 'links', concerns: buttons.some(({ kind }) => kind in valueForms), holds: buttons.every(hasValue) },
  ];
  return all.filter(({ concerns }) => concerns).map(({ rule, holds }) => ({ rule, holds }));
}

const plain = (text: string) => text.replaceAll(/\{\{[^{}]*\}\}/g, '');
const isMinutes = (text: string) => /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 90;

const areShort = ({ header, headerText, body, footer, buttons }: Draft): boolean =>
  (header !== 'TEXT' || headerText.length <= lengths.header) &&
  body.length <= lengths.body &&
  footer.length <= lengths.footer &&
  buttons.every(({ text }) => text.length <= lengths.button);

/** Whether each kind keeps its limit, and quick replies stand together. */
function areOrdered({ buttons }: Draft): boolean {
  const kinds = buttons.map(({ kind }) => kind);
  const isCounted = kinds.every(kind => kinds.filter(each => each === kind).length <= (mostOf[kind] ?? mostButtons));
  const replies = kinds.map(kind => kind === 'QUICK_REPLY');
  const turns = replies.filter((isReply, at) => at > 0 && isReply !== replies[at - 1]).length;
  return kinds.length <= mostButtons && isCounted && turns <= 1;
}

/** Every label is there, and no two are the same. */
function haveLabels({ buttons }: Draft): boolean {
  const labels = buttons.filter(({ kind }) => !withoutLabel.has(kind)).map(({ text }) => text.trim());
  return labels.every(label => label !== '') && new Set(labels).size === labels.length;
}

const valueForms: Partial<Record<ButtonKind, RegExp>> = {
  URL: /^https?:\/\/[^\s{}]+(\{\{1\}\})?$/,
  PHONE_NUMBER: /^\+?[0-9 ()-]{5,20}$/,
  COPY_CODE: /^.{1,20}$/,
  FLOW: /^.{1,40}$/,
};

function hasValue({ kind, value, example, rest }: Draft['buttons'][number]): boolean {
  const form = valueForms[kind];
  // A flow may be named instead.
  if (!form || (kind === 'FLOW' && value === '' && rest.flow_name !== undefined)) return true;
  return form.test(value.trim()) && (!value.includes('{{') || example.trim() !== '');
}

/** Words that make WhatsApp move a template to Marketing, in the languages of the app. */
const offers =
  /\b(offers?|discounts?|sale|promo\w*|coupons?|% off|desconto\w*|promoç\w*|oferta\w*|cupo\w*|rebaja\w*|descuento\w*|promoci\w*|cup[oó]n\w*)\b|\d+\s?%|خصم|عرض|تخفيض/iu;

/** The text of a utility template that reads like an offer; undefined if none does. */
export function offerIn({ category, headerText, body, buttons }: Draft): string | undefined {
  if (category !== 'UTILITY') return undefined;
  const found = [headerText, body, ...buttons.map(({ text }) => text)].map(text => offers.exec(text)?.[0]);
  return found.find(text => text !== undefined);
}
