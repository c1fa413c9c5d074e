// Reads a cell as the value of one of the workspace's own fields.
import { type FieldValue, longestFieldText } from '@recado/contract';
import { type FieldRule, whyNot } from '../contacts/index.ts';
import { foldedText } from './folded-text.ts';

/** The order of year, month and day in dates. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

const yes = new Set(['true', 'yes', 'y', 'sim', 's', 'si', 'نعم', '1', 'x']);
const no = new Set(['false', 'no', 'n', 'nao', 'لا', '0']);

/** The yes or no that a cell says, in four languages; undefined where it says neither. */
export function yesOrNo(text: string): boolean | undefined {
  const word = foldedText(text);
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

/** A number with a point or a comma before its decimals. 1,234 may mean either, so it is none. */
function numberIn(text: string): number | string {
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^[+-]?\d+,\d+$/.test(text) && !/,\d{3}$/.test(text)) return Number(text.replace(',', '.'));
  return text;
}

function dateIn(text: string, order: DateOrder): string {
  const [, first = '', second = '', third = ''] = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$/.exec(text) ?? [];
  const [year, month, day] =
    first.length === 4 || order === 'ymd'
      ? [first, second, third]
      : order === 'dmy'
        ? [third, second, first]
        : [third, first, second];
  if (year?.length !== 4) return text;
  return `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
}

function choiceIn(text: string, { choices }: FieldRule): string {
  if (choices?.includes(text)) return text;
  const wanted = foldedText(text);
  return choices?.find(choice => foldedText(choice) === wanted) ?? text;
}

function valueIn(text: string, rule: FieldRule, order: DateOrder): FieldValue {
  switch (rule.type) {
    case 'number':
      return numberIn(text);
    case 'date':
      return dateIn(text, order);
    case 'yes_no':
      return yesOrNo(text) ?? text;
    case 'choice':
      return choiceIn(text, rule);
    case 'text':
      return text;
  }
}

/** Reads a cell that is not empty. `must`: what the field takes, where it does not take this. */
export function readFieldCell(
  text: string,
  rule: FieldRule,
  order: DateOrder,
): { value: FieldValue } | { must: string } {
  const value = valueIn(text, rule, order);
  if (typeof value === 'string' && value.length > longestFieldText)
    return { must: `Must have at most ${longestFieldText} characters.` };
  const must = whyNot(rule, value);
  return must === undefined ? { value } : { must };
}
