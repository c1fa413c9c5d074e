// The values of a message for one person: each placeholder of its content, out of what is known of the person.
import type { CampaignMessage, CampaignVariable, MessageType } from '@recado/contract';

/** The facts of a person that messages can say. */
export interface Person {
  name: string | null;
  phone: string | null;
  reference: string | null;
  language: string | null;
  fields: Readonly<Record<string, unknown>> | null;
  /** Of the columns of an import, by their keys. */
  kept: Readonly<Record<string, string>> | null;
  zone: string;
  accountName: string;
}

const placeholder = /\{\{\s*([a-z0-9_]+)\s*\}\}/g;

/** WhatsApp accepts neither line breaks and tabs nor more than four spaces in a row in a value. */
const tidy = (text: string) => text.replaceAll(/\s+/gu, ' ').trim();

const dateFormats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 500;

/** The format of a language in a zone. Making one costs more than all else of a message. */
function dateFormatOf(language: string, zone: string): Intl.DateTimeFormat {
  const key = `${language} ${zone}`;
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language.replace('_', '-'), { dateStyle: 'long', timeZone: zone });
    if (dateFormats.size >= mostFormats) dateFormats.clear();
    dateFormats.set(key, format);
  }
  return format;
}

function builtIn(name: string, person: Person, now: number): string {
  switch (name) {
    case 'first_name':
      return tidy(person.name ?? '').split(' ')[0] ?? '';
    case 'name':
      return person.name ?? '';
    case 'phone':
      return person.phone ?? '';
    case 'reference':
      return person.reference ?? '';
    case 'language':
      return person.language ?? '';
    case 'account_name':
      return person.accountName;
    case 'today':
      return dateFormatOf(person.language ?? 'en', person.zone).format(now);
    default:
      return '';
  }
}

function ownValue({ from, value }: CampaignVariable, person: Person, now: number): string {
  if (from === 'constant') return value;
  if (from === 'built_in') return builtIn(value, person, now);
  const values = (from === 'column' ? person.kept : person.fields) ?? {};
  const found = Object.hasOwn(values, value) ? values[value] : undefined;
  return found === undefined || found === null ? '' : String(found);
}

/** The value of a variable for a person; undefined if it is empty and has no fallback. */
export function variableValue(variable: CampaignVariable, person: Person, now: number): string | undefined {
  const own = tidy(ownValue(variable, person, now));
  if (own !== '') return own;
  return variable.fallback === undefined || tidy(variable.fallback) === '' ? undefined : tidy(variable.fallback);
}

/** The names of the placeholders in a content. */
export const placeholdersIn = (content: unknown): string[] => [
  ...new Set([...JSON.stringify(content ?? null).matchAll(placeholder)].map(match => match[1] ?? '')),
];

const usedVariables = new WeakMap<CampaignMessage, readonly (readonly [string, CampaignVariable])[]>();

/** The variables whose placeholders the content of a message has. */
function variablesOf(message: CampaignMessage): readonly (readonly [string, CampaignVariable])[] {
  const known = usedVariables.get(message);
  if (known) return known;
  const used = placeholdersIn(message[message.type]).flatMap(name => {
    const variable = message.variables?.[name];
    return variable ? [[name, variable] as const] : [];
  });
  usedVariables.set(message, used);
  return used;
}

/** The first variable of a message that has no value for a person; undefined if each has one. */
export const missingValue = (message: CampaignMessage, person: Person, now: number): string | undefined =>
  variablesOf(message).find(([, variable]) => variableValue(variable, person, now) === undefined)?.[0];

/** The content with each placeholder replaced by its value. A text without variables stays as it is. */
function filled(content: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof content === 'string')
    return content.replaceAll(placeholder, (text, name: string) => values.get(name) ?? text);
  if (Array.isArray(content)) return content.map(each => filled(each, values));
  if (typeof content === 'object' && content !== null)
    return Object.fromEntries(Object.entries(content).map(([key, each]) => [key, filled(each, values)]));
  return content;
}

export type Rendered = { content: { type: MessageType } } | { missing: string };

/**
 * The content of a campaign's message for one person, in a language where it is a template; or the first variable that
 * has no value for them.
 */
export function render(message: CampaignMessage, person: Person, language: string | null, now: number): Rendered {
  const content = message[message.type];
  const values = new Map<string, string>();
  for (const [name, variable] of variablesOf(message)) {
    const value = variableValue(variable, person, now);
    if (value === undefined) return { missing: name };
    values.set(name, value);
  }
  const own = filled(content, values) as Record<string, unknown>;
  const inLanguage = message.type === 'template' && language !== null ? { ...own, language: { code: language } } : own;
  return { content: { type: message.type, [message.type]: inLanguage } };
}

/** Of the languages of a template the one for a person: their own, a sister of it, or undefined. */
export function languageFor(own: string | null, languages: readonly string[]): string | undefined {
  if (own === null) return undefined;
  const base = (code: string) => code.split('_')[0];
  return languages.find(code => code === own) ?? languages.find(code => base(code) === base(own));
}

/** The text that a person reads of a stored content; null where it has none. */
export function textOf(content: unknown): string | null {
  const { text, body, caption } = Object(content) as Record<string, unknown>;
  const found = [text, body, caption, Object(body).text].find(each => typeof each === 'string');
  return typeof found === 'string' ? found : null;
}
