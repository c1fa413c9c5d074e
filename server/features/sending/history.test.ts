// What a history is taken to say of a call: conservative wherever it could be read in two ways.
import { describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../ports/channel.ts';
import { hasFit, isSameNumber, judge, type KnownId } from './history.ts';

const begun = Date.UTC(2026, 10, 25, 12);
const at = (seconds: number) => new Date(begun + seconds * 1_000);
const openCall = { address: '+33612000001', startedAt: at(0), endedAt: at(15) };
const listed = (id: string, seconds: number | undefined, recipient?: string): HistoryEntry => ({
  channelMessageId: id,
  at: seconds === undefined ? undefined : at(seconds),
  recipient,
});
const known = (entries: Record<string, number | null>) =>
  new Map<string, KnownId>(
    Object.entries(entries).map(([id, seconds]) => [
      id,
      { messageId: `of-${id}`, startedAt: seconds === null ? null : at(seconds) },
    ]),
  );

describe('a call is judged', () => {
  test('as not listed where all ids are known and one of a later call is among them, the first of those', () => {
    const entries = [listed('c', 90), listed('b', 30), listed('a', -5)];
    expect(judge(openCall, entries, true, known({ a: -5, b: 30, c: 90 }))).toEqual({
      result: 'not_listed',
      later: { messageId: 'of-b', at: at(30).toISOString() },
    });
  });

  test.each([
    ['nothing is listed', []],
    ['only what left before it is', [listed('a', -5)]],
    ['only what left beside it is', [listed('beside', 5)]],
    ['only what a person wrote is', [listed('inbound', 40)]],
  ])('as inconclusive where %s', (_name, entries) => {
    const ids = known({ a: -5, beside: 10, inbound: null });
    expect(judge(openCall, entries, true, ids)).toEqual({ result: 'inconclusive', reason: 'nothing_later', others: 0 });
  });

  test('as inconclusive where not all of the time in question was listed', () => {
    const finding = judge(openCall, [listed('b', 30)], false, known({ b: 30 }));
    expect(finding).toMatchObject({ result: 'inconclusive', reason: 'too_many' });
    expect(hasFit(finding, false)).toBe(null);
  });

  test('with what may be it as candidates, those that fit first, and what names others only counted', () => {
    const entries = [
      listed('unreadable', 3),
      listed('without-time', undefined, '33612000001'),
      listed('fits', 2, '33612000001'),
      listed('fits', 2, '33612000001'),
      listed('other', 4, '33612000002'),
      listed('b', 30, '33612000003'),
    ];
    const finding = judge(openCall, entries, true, known({ b: 30 }));
    expect(finding).toEqual({
      result: 'candidates',
      candidates: [
        { channel_message_id: 'without-time', at: null, recipient: 'fits' },
        { channel_message_id: 'fits', at: at(2).toISOString(), recipient: 'fits' },
        { channel_message_id: 'unreadable', at: at(3).toISOString(), recipient: 'unreadable' },
      ],
      others: 1,
    });
    expect(hasFit(finding, true)).toBe(true);
  });

  test('never as not listed where ids are unknown that seem to name others, for that is only a guess', () => {
    const finding = judge(openCall, [listed('b', 30), listed('x', 5, '33612000002')], true, known({ b: 30 }));
    expect(finding).toEqual({ result: 'inconclusive', reason: 'others_only', others: 1 });
    expect(hasFit(finding, true)).toBe(false);
  });

  test('without regard to what was there before it, clocks that differ by a minute allowed', () => {
    const before = judge(openCall, [listed('b', 30), listed('old', -61)], true, known({ b: 30 }));
    expect(before.result).toBe('not_listed');
    const near = judge(openCall, [listed('b', 30), listed('near', -60)], true, known({ b: 30 }));
    expect([near.result, hasFit(near, true)]).toEqual(['candidates', false]);
  });

  test('with at most ten candidates', () => {
    const entries = Array.from({ length: 30 }, (_, n) => listed(`x${n}`, n));
    expect(judge(openCall, entries, false, known({}))).toMatchObject({
      result: 'candidates',
      candidates: { length: 10 },
    });
  });
});

test.each([
  ['33612000001', '+33612000001', true],
  ['551187654321', '+5511987654321', true],
  ['5215512345678', '+525512345678', true],
  ['5491112345678', '+541112345678', true],
  ['33612000001', '+33612000002', false],
  ['33612000001', '+44612000001', false],
  ['3365432109', '+336512345432109', false],
  ['12345678', '+123456789', false],
])('%s is the number %s: %s', (digits, address, same) => {
  expect(isSameNumber(digits, address)).toBe(same);
});
