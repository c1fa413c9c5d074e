// Each fact and each comparison of segments finds whom a naive reading of the same data finds, also for a caller who is
// limited to an account.
import {
  type ContactField,
  contactPage,
  type FactKind,
  type FieldValue,
  factOps,
  isCondition,
  kindOfField,
  opsWithoutValue,
  type SegmentCondition,
  type SegmentNode,
  type SegmentOp,
  segmentCountSchema,
  segmentFacts,
} from '@recado/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

interface Talk {
  account: string;
  lastReceived: number | null;
  lastCalled: number | null;
  lastMessage: number;
  messages: number;
  unread: boolean;
  labels: string[];
}

interface Person {
  id: string;
  name: string | null;
  reference: string | null;
  language: string | null;
  phone: string | null;
  labels: string[];
  fields: Record<string, FieldValue>;
  created: number;
  optedOut: 'marketing' | 'all' | null;
  unreachable: boolean;
  talks: Talk[];
}

let scenario: Scenario;
let people: Person[];
let accounts: string[];
let labels: string[];
let threadLabels: string[];
let limited: (path: string) => ReturnType<Scenario['api']>;
let segment: string;
/** How many people each filter found. */
const tried: number[] = [];

const day = 86_400_000;
const now = Date.now();
/** Half a day away from whole days, so that nobody sits on a bound. */
const daysAgo = (days: number) => now - Math.round((days - 0.5) * day);
const iso = (time: number) => new Date(time).toISOString();

const fields = { shop: 'choice', points: 'number', birthday: 'date', by_mail: 'yes_no', email: 'text' } as const;
const shops = ['Chiado', 'Almada', 'Évora'];

const pick = <Value>(values: readonly Value[], n: number): Value => values[n % values.length] as Value;
const made = async (path: string, body: object) => {
  const answer = await scenario.api('POST', `/api/v1${path}`, body);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return answer.body;
};

async function makePerson(n: number): Promise<Person> {
  const name = n % 7 === 3 ? null : pick(['Ana Souza', 'José Àlves', 'ana', '100% Bela_', 'Øyvind'], n);
  const phone =
    name === null || n % 5 !== 1 ? `${pick(['+35191000', '+551198765', '+1202555', '+3361234'], n)}${1000 + n}` : null;
  const value: Record<string, FieldValue> = {
    ...(n % 3 !== 0 && { shop: pick(shops, n) }),
    ...(n % 4 !== 0 && { points: pick([0, -3, 12.5, 40, 12], n) }),
    ...(n % 2 === 0 && { birthday: pick(['1990-03-14', '2001-12-31', iso(daysAgo(3)).slice(0, 10)], n) }),
    ...(n % 5 < 3 && { by_mail: n % 2 === 0 }),
    ...(n % 6 !== 0 && { email: pick(['Ana@Example.com', 'à%_b', 'null'], n) }),
  };
  const mine = labels.filter((_, place) => (n >> place) % 2 === 1);
  const reference = n % 4 === 2 ? pick(['crm-1', 'CRM-2'], n) : null;
  const language = n % 3 === 1 ? pick(['pt', 'pt_BR', 'en'], n) : null;
  const { id } = await made('/contacts', { name, phone, reference, language, fields: value, label_ids: mine });
  const created = daysAgo(1 + n * 9);
  await scenario.sql('update contact set created_at = $2, unreachable_at = $3 where id = $1', [
    toUuid(id),
    iso(created),
    n % 8 === 5 ? iso(now) : null,
  ]);
  const optedOut: Person['optedOut'] = n % 6 === 4 ? (n % 4 === 0 ? 'all' : 'marketing') : null;
  if (optedOut) await made('/opt-outs', { contact_id: id, category: optedOut, reason: 'asked' });
  // Both kinds at once show as all.
  if (optedOut === 'all') await made('/opt-outs', { contact_id: id, category: 'marketing', reason: 'asked' });
  const person = { id, name, reference, language, phone, labels: mine, fields: value, created, optedOut };
  return { ...person, unreachable: n % 8 === 5, talks: await makeTalks(id, n) };
}

async function makeTalks(contact: string, n: number): Promise<Talk[]> {
  const talks: Talk[] = [];
  for (const [place, account] of accounts.entries()) {
    if ((n + place) % 3 === 0) continue;
    const lastReceived = (n + place) % 4 === 0 ? null : daysAgo(1 + ((n * 7 + place * 13) % 60));
    const lastCalled = n % 9 === 2 ? daysAgo(1) : null;
    const lastMessage = Math.max(lastReceived ?? 0, lastCalled ?? 0, daysAgo(2 + ((n * 5) % 40)));
    const unread = (n + place) % 5 === 0;
    const mine = threadLabels.filter((_, label) => (n + place + label) % 3 === 0);
    const id = newUuid();
    const messages = (n * (place + 1)) % 23;
    await scenario.sql(
      `insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, unread_count, sent_count,
         received_count, last_received_at, last_called_at)
       select $1, workspace_id, $2, id, $4, $5, $6, $7, $8, $9 from contact where id = $3`,
      [
        id,
        toUuid(account),
        toUuid(contact),
        iso(lastMessage),
        unread ? 2 : 0,
        Math.floor(messages / 2),
        Math.ceil(messages / 2),
        lastReceived && iso(lastReceived),
        lastCalled && iso(lastCalled),
      ],
    );
    await scenario.sql(
      `insert into conversation_label (label_id, conversation_id, workspace_id, account_id)
       select l, v.id, v.workspace_id, v.account_id from conversation v, unnest($2::uuid[]) l where v.id = $1`,
      [id, mine.map(label => toUuid(label))],
    );
    talks.push({ account, lastReceived, lastCalled, lastMessage, messages, unread, labels: mine });
  }
  return talks;
}

beforeAll(async () => {
  scenario = await openWorkspace();
  accounts = [scenario.account.id, (await made('/accounts', { name: 'Second', channel: 'sandbox' })).id];
  for (const [key, type] of Object.entries(fields))
    await made('/contact-fields', { key, name: key, type, ...(type === 'choice' && { choices: shops }) });
  labels = [];
  threadLabels = [];
  for (const name of ['one', 'two', 'three']) {
    labels.push((await made('/labels', { name, color: 'teal', on: 'contact' })).id);
    threadLabels.push((await made('/labels', { name, color: 'teal', on: 'conversation' })).id);
  }
  people = [];
  for (let n = 0; n < 30; n++) people.push(await makePerson(n));
  const gone = await makePerson(31);
  await scenario.api('DELETE', `/api/v1/contacts/${gone.id}`);
  const key = await made('/keys', { name: 'one account', scopes: ['contacts.read'], account_ids: [accounts[0]] });
  const call = scenario.as(key.key);
  limited = path => call('GET', path);
  segment = (await made('/segments', { name: 'The one', kind: 'filter' })).id;
});
afterAll(() => scenario.close());

const folded = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[øØ]/g, 'o')
    .toLowerCase();

type Op = SegmentOp;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** A comparison of one value that may be there. */
function compares(actual: FieldValue | null, op: Op, value: unknown, fold: boolean): boolean {
  const same = (other: unknown) => (fold ? folded(String(actual)) === folded(String(other)) : actual === other);
  const there = actual !== null;
  const [low, high] = list(value) as [never, never];
  switch (op) {
    case 'is':
    case 'in':
      return there && list(value).some(same);
    case 'is_not':
      return !(there && same(value));
    case 'is_set':
      return there;
    case 'not_set':
      return !there;
    case 'contains':
      return there && folded(String(actual)).includes(folded(String(value)));
    case 'begins':
      return there && folded(String(actual)).startsWith(folded(String(value)));
    case 'gt':
    case 'after':
      return there && (actual as never) > low;
    case 'lt':
    case 'before':
      return there && (actual as never) < low;
    case 'between':
      return there && (actual as never) >= low && (actual as never) <= high;
    default:
      throw new Error(op);
  }
}

function comparesTime(actual: number | null, op: Op, value: unknown): boolean {
  if (op === 'within_days') return actual !== null && actual >= now - Number(value) * day;
  if (op === 'not_within_days') return !comparesTime(actual, 'within_days', value);
  const times = opsWithoutValue.has(op) ? value : list(value).map(time => Date.parse(String(time)));
  return compares(actual, op, times, false);
}

function comparesDate(actual: FieldValue | null, op: Op, value: unknown): boolean {
  const today = iso(Date.now()).slice(0, 10);
  const since = (days: unknown) => iso(Date.now() - Number(days) * day).slice(0, 10);
  if (op === 'within_days') return compares(actual, 'between', [since(value), today], false);
  if (op === 'not_within_days') return !comparesDate(actual, 'within_days', value);
  return compares(actual, op, value, false);
}

/** Whether one of several values that a person has is meant. */
function has(actual: string[], op: Op, value: unknown): boolean {
  if (op === 'is_set') return actual.length > 0;
  if (op === 'not_set') return actual.length === 0;
  const any = list(value).some(each => actual.includes(String(each)));
  return op === 'is_not' ? !any : any;
}

const codes: Record<string, string> = { PT: '+351', BR: '+55', US: '+1', CA: '+1', FR: '+33', DE: '+49' };
const latest = (times: (number | null)[]) =>
  times.reduce<number | null>((a, b) => (b === null ? a : Math.max(a ?? 0, b)), null);

function fits(person: Person, talks: Talk[], { field, op, value }: SegmentCondition): boolean {
  const key = field.replace(/^field:/, '');
  if (key !== field) {
    const actual = person.fields[key] ?? null;
    return fields[key as keyof typeof fields] === 'date'
      ? comparesDate(actual, op, value)
      : compares(actual, op, value, false);
  }
  switch (field) {
    case 'name':
      return compares(person.name, op, value, true);
    case 'reference':
      return compares(person.reference, op, value, false);
    case 'language':
      return compares(person.language, op, value, false);
    case 'label':
      return has(person.labels, op, value);
    case 'country': {
      const mine = Object.keys(codes).filter(country => person.phone?.startsWith(codes[country] ?? ''));
      return has(mine, op, value);
    }
    case 'created':
      return comparesTime(person.created, op, value);
    case 'last_received':
      return comparesTime(latest(talks.map(talk => talk.lastReceived)), op, value);
    case 'last_message':
      return comparesTime(latest(talks.map(talk => talk.lastMessage)), op, value);
    case 'messages':
      return compares(
        talks.reduce((sum, talk) => sum + talk.messages, 0),
        op,
        value,
        false,
      );
    case 'window_open':
      return talks.some(talk => (latest([talk.lastReceived, talk.lastCalled]) ?? 0) > now - day) === value;
    case 'unread':
      return talks.some(talk => talk.unread) === value;
    case 'opted_out':
      return compares(person.optedOut, op, value, false);
    case 'unreachable':
      return person.unreachable === value;
    case 'conversation_label':
      return has(
        talks.flatMap(talk => talk.labels),
        op,
        value,
      );
    case 'account':
      return has(
        talks.map(talk => talk.account),
        op,
        value,
      );
    default:
      throw new Error(field);
  }
}

function belongs(person: Person, talks: Talk[], node: SegmentNode): boolean {
  if (isCondition(node)) return fits(person, talks, node);
  if (node.all) return node.all.every(each => belongs(person, talks, each));
  return (node.any ?? []).some(each => belongs(person, talks, each));
}

/** Values that some people have, and some that nobody has. */
function valuesOf(field: string, kind: FactKind): unknown[] {
  switch (field) {
    case 'name':
      return ['ana', 'JOSE ALVES', 'a', 's', '0% b', '_', 'oy', 'nobody', ' '];
    case 'reference':
      return ['crm-1', 'CRM-2', 'm-', 'crm', 'x'];
    case 'label':
      return labels;
    case 'conversation_label':
      return threadLabels;
    case 'account':
      return [accounts[0]];
    case 'messages':
      return [0, 1, 5, 12, 22];
  }
  const values: Partial<Record<FactKind, unknown[]>> = {
    text: ['Ana@Example.com', 'ana', 'à%_b', 'a%', 'null', '%', 'zz'],
    number: [0, -3, 12, 12.5, 39.9, 41],
    date: ['1990-03-14', '1990-03-15', '2001-12-31', '0001-01-01'],
    yes_no: [true, false],
    flag: [true, false],
    choice: ['Chiado', 'Évora', 'Porto'],
    country: ['PT', 'BR', 'US', 'CA', 'DE'],
    language: ['pt', 'pt_BR', 'en', 'ar'],
    opt_out: ['marketing', 'all'],
    moment: [0, 3, 20, 90].map(days => iso(now - days * day)),
    last: [0, 3, 20, 90].map(days => iso(now - days * day)),
  };
  return values[kind] ?? [];
}

const kinds = (): [string, FactKind][] => [
  ...(Object.entries(segmentFacts) as [string, FactKind][]),
  ...Object.entries(fields).map(([key, type]): [string, FactKind] => [
    `field:${key}`,
    kindOfField(type as ContactField['type']),
  ]),
];

/** A value for a comparison, out of those of its fact. */
function valueFor(op: Op, values: unknown[], [a, b]: [number, number]): unknown {
  if (opsWithoutValue.has(op)) return undefined;
  if (op === 'within_days' || op === 'not_within_days') return pick([1, 4, 30, 400], a);
  const [first, second] = [pick(values, a), pick(values, b)] as [string, string];
  if (op === 'in') return first === second ? [first] : [first, second];
  if (op === 'between') return first <= second ? [first, second] : [second, first];
  return first;
}

const condition = (field: string, kind: FactKind, op: Op, seeds: [number, number]): SegmentCondition => {
  const value = valueFor(op, valuesOf(field, kind), seeds);
  return { field, op, ...(value !== undefined && { value: value as never }) };
};

/** Both callers see the right people, and the owner counts them. */
async function holds(match: SegmentNode): Promise<void> {
  const saved = await scenario.api('PATCH', `/api/v1/segments/${segment}`, { filter: { match } });
  expect([saved.status, saved.text]).toEqual([200, expect.anything()]);
  const path = `/api/v1/contacts?segment_id=${segment}&limit=100`;
  const seen = async (call: (path: string) => ReturnType<Scenario['api']>) => {
    const { body, text } = await call(path);
    return [
      text.slice(0, 300),
      contactPage
        .parse(body)
        .data.map(({ id }) => id)
        .sort(),
    ][1];
  };
  const expected = (shown: (talk: Talk) => boolean) =>
    people
      .filter(person => belongs(person, person.talks.filter(shown), match))
      .map(({ id }) => id)
      .sort();
  const all = expected(() => true);
  expect([match, await seen(url => scenario.api('GET', url))]).toEqual([match, all]);
  expect([match, await seen(limited)]).toEqual([match, expected(({ account }) => account === accounts[0])]);
  expect([match, saved.body.saved_count]).toEqual([match, all.length]);
  tried.push(all.length);
}

test('each fact with each comparison', async () => {
  for (const [field, kind] of kinds())
    for (const [place, op] of factOps[kind].entries())
      for (const more of opsWithoutValue.has(op) ? [0] : [0, 1])
        await holds({ all: [condition(field, kind, op, [place + more, place + more * 2 + 1])] });
  // Most filters tell some people from others.
  expect(tried.filter(n => n > 0 && n < people.length).length).toBeGreaterThan(tried.length / 2);
});

test('groups of conditions, three levels deep', async () => {
  const leaf = fc
    .record({ fact: fc.nat(), op: fc.nat(), seeds: fc.tuple(fc.nat(20), fc.nat(20)) })
    .map(({ fact, op, seeds }) => {
      const [field, kind] = pick(kinds(), fact);
      return condition(field, kind, pick<SegmentOp>(factOps[kind], op), seeds);
    });
  const group = (item: fc.Arbitrary<SegmentNode>): fc.Arbitrary<SegmentNode> =>
    fc
      .record({ any: fc.boolean(), nodes: fc.array(item, { minLength: 1, maxLength: 4 }) })
      .map(({ any, nodes }) => ({ [any ? 'any' : 'all']: nodes }));
  const third = group(leaf);
  const second = group(fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: third }));
  await fc.assert(fc.asyncProperty(group(fc.oneof(leaf, second)), holds), { numRuns: 40 });
});

test('a sample says which conditions are true', async () => {
  const match: { any: SegmentCondition[] } = {
    any: [
      { field: 'field:shop', op: 'is', value: 'Chiado' },
      { field: 'country', op: 'is', value: 'PT' },
    ],
  };
  const { body } = await scenario.api('POST', '/api/v1/segments/count', { filter: { match } });
  const { sample } = segmentCountSchema.parse(body);
  expect(sample.length).toBe(6);
  for (const { id, because } of sample) {
    const person = people.find(each => each.id === id);
    const truths = match.any.flatMap((each, place) =>
      person && fits(person, person.talks, each) ? [`match.any[${place}]`] : [],
    );
    expect([id, because]).toEqual([id, truths]);
  }
});
