// The rules of a workspace's own fields: the values that a field takes, and how a filter reads a text.
import { type ContactField, type FieldType, type FieldValue, longestFieldText } from '@recado/contract';
import { z } from 'zod';
import { commonProblem, type FieldError } from '../../kit/errors.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';

/** A field, as far as its values depend on it. */
export interface FieldRule {
  key: string;
  type: FieldType;
  choices: string[] | null;
}

export interface FieldRow extends FieldRule {
  id: string;
  name: string;
  position: number;
  created_at: Date;
  updated_at: Date;
}

export const presentField = (row: FieldRow): ContactField => ({
  id: toId('contact_field', row.id),
  key: row.key,
  name: row.name,
  type: row.type,
  choices: row.choices,
  position: row.position,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** Beyond these, JSON readers round whole numbers. */
const isExact = (value: number) => Math.abs(value) <= Number.MAX_SAFE_INTEGER;

const isDate = (value: unknown) => z.iso.date().safeParse(value).success && String(value) >= '0001';

/** The rule of a type in words, and whether a value keeps it. */
const kinds: Record<FieldType, { must: string; fits: (value: FieldValue, rule: FieldRule) => boolean }> = {
  text: {
    must: `Must be a text of 1 to ${longestFieldText} characters.`,
    fits: value => typeof value === 'string' && value.trim() !== '',
  },
  number: {
    must: 'Must be a number of at most 9007199254740991.',
    fits: value => typeof value === 'number' && isExact(value),
  },
  date: { must: 'Must be a date like 1990-03-14.', fits: isDate },
  yes_no: { must: 'Must be true or false.', fits: value => typeof value === 'boolean' },
  choice: {
    must: 'Must be one of the choices of the field',
    fits: (value, { choices }) => typeof value === 'string' && (choices ?? []).includes(value),
  },
};

/** Why a field does not take a value; undefined where it does. */
export function whyNot(rule: FieldRule, value: FieldValue): string | undefined {
  const { must, fits } = kinds[rule.type];
  if (fits(value, rule)) return undefined;
  return rule.type === 'choice' ? `${must}: ${(rule.choices ?? []).join(', ')}.` : must;
}

export interface FieldChange {
  /** The new values, by key. */
  values: Record<string, FieldValue>;
  /** The keys whose values go. */
  removed: string[];
}

/** Checks the values of a request against the fields of the workspace. @throws AppError that names each wrong field */
export function checkValues(given: Record<string, FieldValue | null>, rules: FieldRule[]): FieldChange {
  const known = new Map(rules.map(rule => [rule.key, rule]));
  const errors: FieldError[] = [];
  const change: FieldChange = { values: {}, removed: [] };
  for (const [key, value] of Object.entries(given)) {
    const rule = known.get(key);
    const message = rule ? value !== null && whyNot(rule, value) : 'Is not a field of contacts. Create it first.';
    if (message) errors.push({ field: `fields.${key}`, message });
    else if (value === null) change.removed.push(key);
    else change.values[key] = value;
  }
  if (errors.length > 0)
    throw commonProblem('invalid_request', errors.map(({ field, message }) => `${field}: ${message}`).join(' '), {
      fields: errors,
    });
  return change;
}

/** The value that a filter names as a text. @throws AppError if the field takes no such value */
export function valueOfText(rule: FieldRule, text: string): FieldValue {
  const read: Record<FieldType, () => FieldValue> = {
    text: () => text,
    number: () => (text.trim() === '' ? Number.NaN : Number(text)),
    date: () => text,
    yes_no: () => (text === 'true' ? true : text === 'false' ? false : text),
    choice: () => text,
  };
  const value = read[rule.type]();
  // Contacts keep a choice that the field lost: they can be found by it.
  const message = rule.type === 'choice' ? undefined : whyNot(rule, value);
  if (message) throw invalid('field', `The value of ${rule.key} is wrong. ${message}`);
  return value;
}
