// Which fields of webhooks an app gets, whatever Meta refuses and however it says so.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BusinessFailure } from '../../../ports/business.ts';
import { negotiateFields } from './negotiate-fields.ts';
import { webhookFields } from './webhook-fields.ts';

const { needed, optional, uncertain } = webhookFields;
const wanted = [...needed, ...optional, ...uncertain];

const failure = (code: string, kind: BusinessFailure['kind'] = 'rejected'): BusinessFailure => ({
  ok: false,
  kind,
  code,
  title: 'Refused.',
});

/** Plays Meta, which takes only `offered`, and says `words` of the first field that it refuses. */
const meta = (offered: ReadonlySet<string>, words: (field: string, index: number) => string) => {
  const tried: (readonly string[])[] = [];
  const post = async (fields: readonly string[]) => {
    tried.push(fields);
    const index = fields.findIndex(field => !offered.has(field));
    return index < 0 ? ('taken' as const) : { failure: failure('100'), text: words(fields[index] ?? '', index) };
  };
  return { tried, post };
};

const offered = fc
  .tuple(fc.subarray(wanted), fc.subarray(['tracking_events', 'their_own_field']))
  .map(([known, others]) => new Set(['messages', ...known, ...others]));
const earlier = fc.subarray([...wanted, 'their_own_field', 'ended_field']);

test('a list of what Meta offers costs nothing of it, in two calls', async () => {
  await fc.assert(
    fc.asyncProperty(offered, earlier, async (known, before) => {
      const { tried, post } = meta(known, (_, at) => `Param fields[${at}] must be one of {${[...known].join(', ')}}`);
      const answer = await negotiateFields(before, post);
      const kept = new Set([...wanted, ...before].filter(field => known.has(field)));
      if (!answer.ok) throw new Error('refused');
      expect(new Set(answer.value.taken)).toEqual(kept);
      expect(answer.value.refused).toEqual(wanted.filter(field => !known.has(field)));
      expect(tried.length).toBeLessThanOrEqual(2);
    }),
  );
});

test('a refusal that names one field at a time costs only these, up to eight of them', async () => {
  const words = [
    (_: string, at: number) => `Param fields[${at}] must be one of {messages, calls, …}`,
    (_: string, at: number) => `(#100) fields[${at}] is not valid`,
    (field: string) => `${field} is not a subscribable webhook field`,
  ];
  await fc.assert(
    fc.asyncProperty(fc.subarray(wanted.slice(1), { maxLength: 8 }), fc.constantFrom(...words), async (lost, said) => {
      const { post } = meta(new Set(wanted.filter(field => !lost.includes(field))), said);
      expect(await negotiateFields([], post)).toMatchObject({ ok: true, value: { refused: lost } });
    }),
  );
});

test('whatever Meta refuses and says, a list with messages is taken within ten calls', async () => {
  const words = fc.func(
    fc.constantFrom('', 'Invalid parameter', 'messages', 'fields[0]', 'fields[3]', 'must be one of {}'),
  );
  await fc.assert(
    fc.asyncProperty(offered, earlier, words, async (known, before, said) => {
      const { tried, post } = meta(known, (field, at) => said(field, at));
      const answer = await negotiateFields(before, post);
      expect(answer).toMatchObject({ ok: true });
      expect(tried.at(-1)).toContain('messages');
      expect(tried.length).toBeLessThanOrEqual(10);
    }),
  );
});

test('without a word about the field, only its group is left out', async () => {
  const { post } = meta(new Set(wanted.filter(field => field !== 'consumer_profile')), () => 'Invalid parameter');
  expect(await negotiateFields([], post)).toMatchObject({ ok: true, value: { refused: optional } });
});

test('a callback that does not answer, a wrong token and a wait end it at once', async () => {
  for (const said of [failure('2200'), failure('190'), failure('15'), failure('102'), failure('4', 'unreachable')]) {
    let calls = 0;
    const answer = await negotiateFields([], async () => {
      calls++;
      return { failure: said, text: '' };
    });
    expect([answer, calls]).toEqual([said, 1]);
  }
});

test('a refusal of messages alone is a failure', async () => {
  const answer = await negotiateFields([], async () => ({ failure: failure('100'), text: 'Invalid parameter' }));
  expect(answer).toEqual(failure('100'));
});
