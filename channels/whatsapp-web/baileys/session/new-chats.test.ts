import { afterEach, expect, test, vi } from 'vitest';
import type { SessionNotice } from '../../protocol.ts';
import { quotaOf, watchNewChats } from './new-chats.ts';

afterEach(() => {
  vi.useRealTimers();
});

const now = 1_779_500_000_000;

test('an answer allows what is left of the quota, until its end', () => {
  const answer = {
    total_quota: 50,
    used_quota: 20,
    cycle_end_timestamp: '1779604800',
    capping_status: 'FIRST_WARNING',
  };
  expect(quotaOf(answer, now)).toEqual({ left: 30, until: 1_779_604_800_000 });
  expect(quotaOf({ ...answer, total_quota: '50', used_quota: '60' }, now)).toMatchObject({ left: 0 });
  expect(quotaOf({ ...answer, used_quota: undefined }, now)).toMatchObject({ left: 50 });
});

test('a capped account begins none, whatever the numbers say', () => {
  expect(quotaOf({ total_quota: 50, used_quota: 20, capping_status: 'CAPPED' }, now)).toEqual({
    left: 0,
    until: undefined,
  });
  expect(quotaOf({ capping_status: 'CAPPED' }, now)).toEqual({ left: 0, until: undefined });
});

test('an end that is over or years away is none, and a number without end is cut', () => {
  expect(quotaOf({ total_quota: Number.MAX_SAFE_INTEGER, cycle_end_timestamp: '9007199254740991' }, now)).toEqual({
    left: 1_000_000_000,
    until: undefined,
  });
  expect(quotaOf({ total_quota: 5, cycle_end_timestamp: '1779000000' }, now)).toEqual({ left: 5, until: undefined });
  expect(quotaOf({ total_quota: 5, cycle_end_timestamp: '0' }, now)).toEqual({ left: 5, until: undefined });
});

test.each([
  [null],
  [{}],
  [{ total_quota: 0, capping_status: 'NONE' }],
  [{ total_quota: 'many' }],
  [{ total_quota: -1 }],
])('%j names no quota', answer => {
  expect(quotaOf(answer, now)).toBeNull();
});

test('WhatsApp is asked each hour, after the end of a quota, after an error, and no more once the connection has ended', async () => {
  vi.useFakeTimers({ now });
  const ended = new AbortController();
  const notices: SessionNotice[] = [];
  const answers = [
    { total_quota: 5 },
    new Error('unknown'),
    { total_quota: 4, cycle_end_timestamp: now / 1000 + 7_500 },
  ];
  let asked = 0;
  const ask = watchNewChats({
    fetch: async () => {
      const answer = answers[asked++] ?? null;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    notify: notice => notices.push(notice),
    log: () => undefined,
    ended: ended.signal,
  });
  const askedAfter = async (seconds: number) => {
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    return asked;
  };
  ask();
  expect(await askedAfter(3_599)).toBe(1);
  expect(await askedAfter(1)).toBe(2);
  expect(await askedAfter(3_600)).toBe(3);
  expect(await askedAfter(309)).toBe(3);
  expect(await askedAfter(1)).toBe(4);
  ended.abort();
  expect(await askedAfter(7_200)).toBe(4);
  expect(notices).toEqual([
    { kind: 'new_chats', quota: { left: 5, until: undefined } },
    { kind: 'new_chats', quota: { left: 4, until: now + 7_500_000 } },
    { kind: 'new_chats', quota: null },
  ]);
});
