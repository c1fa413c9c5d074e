// Filters as plans: each condition by its fact, and groups of them.
import {
  type FieldValue,
  isCondition,
  type SegmentCondition,
  type SegmentGroup,
  type SegmentNode,
} from '@recado/contract';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { toUuid } from '../../kit/ids.ts';
import { callingCodeOf } from '../../kit/text/country.ts';
import { fieldKeyOf, isWhole, kindOfFact } from './check.ts';
import type { Bounds, Plan, Realm } from './facts-store.ts';
import * as facts from './facts-store.ts';
import type { Known } from './known-store.ts';

const dayMs = 86_400_000;

/** The values of a checked condition: one, or a list of them. */
const listOf = <Value>(value: unknown): Value[] => (Array.isArray(value) ? value : [value]) as Value[];

/** `is`, `in`, `is_not`, by how to find one of several values. */
function anyOf<Value>(op: string, value: unknown, has: (values: Value[]) => Plan): Plan {
  const plan = has(listOf<Value>(value));
  return op === 'is_not' ? facts.inverse(plan) : plan;
}

const setOrNot = (op: string, plan: Plan): Plan => (op === 'not_set' ? facts.inverse(plan) : plan);
const isSetting = (op: string) => op === 'is_set' || op === 'not_set';

/** The bounds that a comparison of times names. */
function boundsOf(now: Date, op: string, value: unknown): Bounds {
  const [first, second] = listOf<string>(value);
  if (op === 'before') return { before: new Date(String(first)) };
  if (op === 'after') return { after: new Date(String(first)) };
  if (op === 'between') return { from: new Date(String(first)), until: new Date(String(second)) };
  return { from: new Date(now.getTime() - Number(value) * dayMs) };
}

/** A comparison of times; `not_within_days` is the opposite of the other. */
const byTime = (realm: Realm, op: string, value: unknown, lies: (bounds: Bounds) => Plan): Plan =>
  op === 'not_within_days' ? facts.inverse(lies(boundsOf(realm.now, op, value))) : lies(boundsOf(realm.now, op, value));

const dayOf = (time: Date) => time.toISOString().slice(0, 10);

function ofText(text: Fragment, op: string, value: unknown, is: (values: string[]) => Plan): Plan {
  if (isSetting(op)) return setOrNot(op, facts.isSet(text));
  if (op === 'contains') return facts.textLike(text, String(value), 'anywhere');
  if (op === 'begins') return facts.textLike(text, String(value), 'beginning');
  return anyOf(op, value, is);
}

function ofName(realm: Realm, op: string, value: unknown): Plan {
  if (isSetting(op)) return setOrNot(op, facts.nameIsSet);
  if (op === 'contains') return facts.nameHas(realm, String(value));
  if (op === 'begins') return facts.nameBegins(realm, String(value));
  return anyOf<string>(op, value, names => facts.nameIs(realm, names));
}

function compare(number: Fragment, op: string, value: unknown, lookUps = 0): Plan {
  const [first, second] = listOf<number>(value);
  if (op === 'gt') return facts.compared(number, sql`> ${first}::numeric`, lookUps);
  if (op === 'lt') return facts.compared(number, sql`< ${first}::numeric`, lookUps);
  if (op === 'between') return facts.compared(number, sql`between ${first}::numeric and ${second}::numeric`, lookUps);
  return facts.compared(number, sql`= ${first}::numeric`, lookUps);
}

function ofDate(realm: Realm, key: string, op: string, value: unknown): Plan {
  const date = facts.fieldDate(key);
  const [first, second] = listOf<string>(value);
  if (op === 'before') return facts.compared(date, sql`< ${first}`);
  if (op === 'after') return facts.compared(date, sql`> ${first}`);
  if (op === 'between') return facts.compared(date, sql`between ${first} and ${second}`);
  const since = dayOf(new Date(realm.now.getTime() - Number(value) * dayMs));
  const within = facts.compared(date, sql`between ${since} and ${dayOf(realm.now)}`);
  return op === 'not_within_days' ? facts.inverse(within) : within;
}

function ofField(realm: Realm, known: Known, key: string, op: string, value: unknown): Plan {
  const type = known.fields.get(key)?.type;
  const text = facts.fieldText(key);
  if (isSetting(op)) return setOrNot(op, facts.isSet(text));
  const is = (values: FieldValue[]) => {
    const [only] = values;
    return values.length === 1 && only !== undefined ? facts.fieldsAre({ [key]: only }) : facts.fieldIn(key, values);
  };
  if (op === 'is' || op === 'is_not' || op === 'in') return anyOf(op, value, is);
  if (type === 'number') return compare(facts.fieldNumber(key), op, value);
  if (type === 'date') return ofDate(realm, key, op, value);
  return ofText(text, op, value, is);
}

const uuids = (ids: string[]) => ids.map(id => toUuid(id));

function ofOptOut(realm: Realm, op: string, value: unknown): Plan {
  if (isSetting(op)) return setOrNot(op, facts.isOptedOut(realm, 'either'));
  const plan = facts.isOptedOut(realm, value === 'all' ? 'all' : 'marketing');
  return op === 'is_not' ? facts.inverse(plan) : plan;
}

/** The plan of a condition. One that names what is gone sees contacts without a value. */
function planOfCondition(realm: Realm, known: Known, condition: SegmentCondition): Plan {
  const { field, op, value } = condition;
  const flag = (plan: Plan): Plan => (value === true ? plan : facts.inverse(plan));
  if (!isWhole(known, condition)) return /^(not_|is_not$)/.test(op) ? facts.everybody : facts.nobody;
  const key = fieldKeyOf(field);
  if (key !== undefined) return ofField(realm, known, key, op, value);
  const labels = known.labels[field === 'label' ? 'contact' : 'conversation'];
  const labelled = field === 'label' ? facts.hasLabel : (ids: string[]) => facts.hasConversationLabel(realm, ids);
  switch (field) {
    case 'name':
      return ofName(realm, op, value);
    case 'reference':
      return ofText(sql`c.reference`, op, value, references => facts.referenceIs(realm, references));
    case 'language':
      if (isSetting(op)) return setOrNot(op, facts.isSet(sql`c.language`));
      return anyOf<string>(op, value, languages => facts.languageIs(realm, languages));
    case 'country':
      if (isSetting(op)) return setOrNot(op, facts.hasNumber);
      return anyOf<string>(op, value, countries =>
        facts.hasCallingCode(realm, [...new Set(countries.flatMap(country => callingCodeOf(country) ?? []))]),
      );
    case 'label':
    case 'conversation_label':
      if (isSetting(op)) return setOrNot(op, labelled([...labels]));
      return anyOf<string>(op, value, ids => labelled(uuids(ids)));
    case 'account':
      if (isSetting(op)) return setOrNot(op, facts.hasAccount(realm, [...known.accounts]));
      return anyOf<string>(op, value, ids => facts.hasAccount(realm, uuids(ids)));
    case 'created':
      return byTime(realm, op, value, bounds => facts.createdIn(realm, bounds));
    case 'last_received':
    case 'last_message': {
      const last = field === 'last_received' ? 'last_received_at' : 'last_message_at';
      if (isSetting(op)) return setOrNot(op, facts.lastIn(realm, last, {}));
      return byTime(realm, op, value, bounds => facts.lastIn(realm, last, bounds));
    }
    case 'messages':
      return compare(facts.messageCount(realm), op, value, 1);
    case 'window_open':
      return flag(facts.hasOpenWindow(realm));
    case 'unread':
      return flag(facts.isUnread(realm));
    case 'unreachable':
      return flag(facts.isUnreachable(realm));
    case 'opted_out':
      return ofOptOut(realm, op, value);
    default:
      throw new Error(`no plan for the fact ${field} (${kindOfFact(known, field)})`);
  }
}

/** Several fields that must all fit are one lookup: the index intersects them. */
function mergeFields(plans: Plan[]): Plan[] {
  const fieldsOf = ({ sources: [source] }: Plan) => source?.fields;
  const byField = plans.filter(plan => fieldsOf(plan) !== undefined);
  const keys = byField.flatMap(plan => Object.keys(fieldsOf(plan) ?? {}));
  if (byField.length < 2 || new Set(keys).size < keys.length) return plans;
  const merged = facts.fieldsAre(Object.assign({}, ...byField.map(fieldsOf)));
  return [merged, ...plans.filter(plan => fieldsOf(plan) === undefined)];
}

const lookUpsOf = (plans: Plan[]) => plans.reduce((sum, { lookUps }) => sum + lookUps, 0);

/** All of these plans. Each source of each is one of the whole. */
export function allOf(plans: Plan[]): Plan {
  const [only, second] = plans;
  if (only !== undefined && second === undefined) return only;
  const parts = mergeFields(plans.flatMap(plan => plan.parts ?? [plan]));
  return {
    test:
      plans.length === 0
        ? sql`true`
        : sql`(${plans.map(({ test }) => test).reduce((left, right) => sql`${left} and ${right}`)})`,
    sources: parts.flatMap(({ sources }) => sources).map(({ exact: _, ...source }) => source),
    lookUps: lookUpsOf(plans),
    parts,
  };
}

/** Any of these plans. They have a source together if each has one. */
function oneOf(plans: Plan[]): Plan {
  const [only, second] = plans;
  if (only !== undefined && second === undefined) return only;
  // PostgreSQL asks them in this order.
  const test = facts.either(plans.toSorted((a, b) => a.lookUps - b.lookUps).map(plan => plan.test));
  const lookUps = lookUpsOf(plans);
  const firsts = plans.flatMap(({ sources: [first] }) => first ?? []);
  if (firsts.length < plans.length || firsts.length === 0) return { test, sources: [], lookUps };
  const together = (most: number | null) =>
    sql`select id from (${firsts
      .map(source => sql`(select id from (${source.ids(null)}) s)`)
      .reduce((left, right) => sql`${left} union ${right}`)}) u ${facts.limit(most)}`;
  const isExact = firsts.every(source => source.exact !== undefined);
  const exact = firsts.every(source => source.exact === 'living') ? ('living' as const) : ('all' as const);
  return {
    test,
    sources: [
      {
        test: isExact ? test : facts.either(firsts.map(source => source.test)),
        ids: together,
        blocks: true,
        ...(isExact && { exact }),
      },
    ],
    lookUps,
  };
}

export interface NumberedCondition {
  path: string;
  plan: Plan;
}

/** The plan of a node, which adds the plan of each of its conditions with its path. */
export function planOfNode(
  realm: Realm,
  known: Known,
  node: SegmentNode,
  path: string,
  into: NumberedCondition[] = [],
): Plan {
  if (isCondition(node)) {
    const plan = planOfCondition(realm, known, node);
    into.push({ path, plan });
    return plan;
  }
  const group: SegmentGroup = node;
  const word = group.all === undefined ? 'any' : 'all';
  const plans = (group[word] ?? []).map((each, place) =>
    planOfNode(realm, known, each, `${path}.${word}[${place}]`, into),
  );
  return word === 'all' ? allOf(plans) : oneOf(plans);
}
