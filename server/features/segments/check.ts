// The rules of conditions: which fact allows which comparison and which value, and what they may name.
import {
  type ConditionValue,
  deepestGroup,
  type FactKind,
  factOps,
  isCondition,
  kindOfField,
  mostConditions,
  mostDays,
  mostValues,
  opsWithoutValue,
  type SegmentCondition,
  type SegmentGroup,
  type SegmentNode,
  type SegmentOp,
  segmentFacts,
  timeInputSchema,
} from '@recado/contract';
import { z } from 'zod';
import { commonProblem, type FieldError } from '../../kit/errors.ts';
import { fieldsInWords } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { callingCodeOf } from '../../kit/text/country.ts';
import type { Known } from './known-store.ts';

/** The key of an own field in the name of a fact. */
export const fieldKeyOf = (field: string): string | undefined =>
  field.startsWith('field:') ? field.slice('field:'.length) : undefined;

/** The kind of a fact; undefined where there is none of this name. */
export function kindOfFact(known: Known, field: string): FactKind | undefined {
  const key = fieldKeyOf(field);
  if (key === undefined)
    return Object.hasOwn(segmentFacts, field) ? segmentFacts[field as keyof typeof segmentFacts] : undefined;
  const type = known.fields.get(key)?.type;
  return type && kindOfField(type);
}

/** Each condition of a group with its path. */
export function* conditionsOf(
  group: SegmentGroup,
  path: string,
): Generator<{ condition: SegmentCondition; path: string }> {
  for (const [word, nodes] of Object.entries({ all: group.all, any: group.any }))
    for (const [place, node] of (nodes ?? []).entries()) {
      const here = `${path}.${word}[${place}]`;
      if (isCondition(node)) yield { condition: node, path: here };
      else yield* conditionsOf(node, here);
    }
}

type Rule = (value: unknown) => string | undefined;

const number: Rule = value =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
    ? undefined
    : 'Must be a number of at most 9007199254740991.';
const date: Rule = value =>
  z.iso.date().safeParse(value).success && String(value) >= '0001' ? undefined : 'Must be a date like 1990-03-14.';
const time: Rule = value => timeInputSchema.safeParse(value).error?.issues[0]?.message;
const yesOrNo: Rule = value => (typeof value === 'boolean' ? undefined : 'Must be true or false.');
const text: Rule = value =>
  typeof value === 'string' && value !== '' ? undefined : 'Must be a text of 1 to 500 characters.';
const country: Rule = value =>
  typeof value === 'string' && callingCodeOf(value) !== undefined
    ? undefined
    : 'Must be the two capital letters of a country with phone numbers, like BR.';
const language: Rule = value =>
  typeof value === 'string' && /^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$/.test(value)
    ? undefined
    : 'Must be a language code like pt or pt_BR.';
const optOut: Rule = value => (value === 'marketing' || value === 'all' ? undefined : 'Must be marketing or all.');
const days: Rule = value =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostDays
    ? undefined
    : `Must be a whole number of days from 1 to ${mostDays}.`;

const idOf =
  (prefix: string, ids: ReadonlySet<string>, words: string): Rule =>
  value =>
    typeof value === 'string' &&
    new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`).test(value) &&
    ids.has(toUuid(value))
      ? undefined
      : `Must be the id of ${words}.`;

/** The rule for one value of a fact. */
function ruleOf(known: Known, field: string, kind: FactKind): Rule {
  const rules: Record<FactKind, Rule> = {
    text,
    number,
    date,
    yes_no: yesOrNo,
    // Contacts keep a choice that the field lost: they can be found by it.
    choice: text,
    label:
      field === 'conversation_label'
        ? idOf('lbl', known.labels.conversation, 'a label for conversations')
        : idOf('lbl', known.labels.contact, 'a label for contacts'),
    account: idOf('acc', known.accounts, 'an account'),
    country,
    language,
    opt_out: optOut,
    moment: time,
    last: time,
    count: number,
    flag: yesOrNo,
  };
  return rules[kind];
}

const between = (rule: Rule, value: unknown, isTime: boolean): string | undefined => {
  if (!Array.isArray(value) || value.length !== 2) return 'Must be a list of two values: from, to.';
  const wrong = rule(value[0]) ?? rule(value[1]);
  if (wrong !== undefined) return wrong;
  const [from, to] = isTime ? value.map(each => Date.parse(each)) : value;
  return from > to ? 'Must have the smaller value first.' : undefined;
};

/** Why a condition does not take its value; undefined where it does. */
function whyNotValue(rule: Rule, op: SegmentOp, kind: FactKind, value: ConditionValue | undefined): string | undefined {
  if (opsWithoutValue.has(op)) return value === undefined ? undefined : `Must be left out with ${op}.`;
  if (value === undefined) return 'Is missing.';
  if (op === 'within_days' || op === 'not_within_days') return days(value);
  if (op === 'between') return between(rule, value, kind === 'moment' || kind === 'last');
  if (op !== 'in') return rule(value);
  if (!Array.isArray(value) || value.length === 0 || value.length > mostValues)
    return `Must be a list of 1 to ${mostValues} values.`;
  for (const each of value) {
    const wrong = rule(each);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function errorsOf(known: Known, { field, op, value }: SegmentCondition, path: string): FieldError[] {
  const kind = kindOfFact(known, field);
  if (kind === undefined) {
    const message =
      fieldKeyOf(field) === undefined
        ? `Must be one of ${Object.keys(segmentFacts).join(', ')}, or field: with the key of one of your fields.`
        : 'The workspace has no such field.';
    return [{ field: `${path}.field`, message }];
  }
  const ops: readonly string[] = factOps[kind];
  if (!ops.includes(op)) return [{ field: `${path}.op`, message: `Must be one of ${ops.join(', ')} for ${field}.` }];
  const wrong = whyNotValue(ruleOf(known, field, kind), op, kind, value);
  return wrong === undefined ? [] : [{ field: `${path}.value`, message: wrong }];
}

/** The groups of a filter below the first one that have no condition. */
function* emptyGroups(node: SegmentNode, path: string, isFirst = true): Generator<string> {
  if (isCondition(node)) return;
  for (const [word, nodes] of Object.entries({ all: node.all, any: node.any })) {
    if (nodes?.length === 0 && !(isFirst && word === 'all')) yield `${path}.${word}`;
    for (const [place, each] of (nodes ?? []).entries()) yield* emptyGroups(each, `${path}.${word}[${place}]`, false);
  }
}

/** Checks what a filter names and compares. @throws AppError that names each wrong place */
export function checkMatch(known: Known, match: SegmentGroup, path: string): void {
  const conditions = [...conditionsOf(match, path)];
  const errors = [
    ...[...emptyGroups(match, path)].map(field => ({ field, message: 'Must have at least one condition.' })),
    ...conditions.flatMap(({ condition, path: place }) => errorsOf(known, condition, place)),
  ];
  if (conditions.length > mostConditions)
    errors.unshift({
      field: path,
      message: `Must have at most ${mostConditions} conditions in at most ${deepestGroup} levels.`,
    });
  if (errors.length > 0) throw commonProblem('invalid_request', fieldsInWords(errors), { fields: errors });
}

/** Whether a saved condition names nothing that is gone. */
export const isWhole = (known: Known, condition: SegmentCondition): boolean =>
  errorsOf(known, condition, '').length === 0;
