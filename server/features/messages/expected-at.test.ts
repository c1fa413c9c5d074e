// When a queued message leaves: by its place, and by each limit that an account can have.
import type { WaitingReason } from '@recado/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedAt, farthest, type Line } from './expected-at.ts';

const minute = 60_000;
const hour = 60 * minute;
/** How often a slot of the rate comes back: ends are rounded up. */
const stretch = 1.02 * minute;
const now = Date.UTC(2026, 10, 24, 12);

const line = (more: Partial<Line> = {}): Line => ({
  now,
  stopped: false,
  lane_from: null,
  own_from: null,
  rate: { messages: 3, ms: minute, in_flight: 0, ends: [] },
  jitter_ms: 0,
  new_per_day: null,
  quiet: null,
  day: null,
  pair: null,
  ...more,
});
const after = (
  ahead: number | null,
  of: Line | null,
  reason: WaitingReason = 'rate_limit',
  until: Date | null = null,
) => {
  const at = expectedAt({ reason, until, ahead }, of);
  return at && at.getTime() - now;
};
/** The rate of three a minute, all three used 20 seconds ago. */
const used = { messages: 3, ms: minute, in_flight: 0, ends: [[now - 20_000, 3]] as [number, number][] };

describe('the rate', () => {
  test('lets the rate go at once, and the same number with each stretch', () => {
    expect([0, 2, 3, 5, 6, 23].map(ahead => after(ahead, line()))).toEqual([
      0,
      0,
      stretch,
      stretch,
      2 * stretch,
      7 * stretch,
    ]);
  });

  test('counts the slots that are taken, as they get free', () => {
    expect([0, 2, 3, 23].map(ahead => after(ahead, line({ rate: used })))).toEqual([
      40_000,
      40_000,
      stretch + 40_000,
      7 * stretch + 40_000,
    ]);
    const calls = { ...used, ends: [], in_flight: 2 };
    expect([0, 1, 2, 3].map(ahead => after(ahead, line({ rate: calls })))).toEqual([0, stretch, stretch, stretch]);
    // The rate was lowered: more calls are in the stretch than it has slots.
    const lowered = {
      messages: 1,
      ms: minute,
      in_flight: 0,
      ends: [
        [now - 30_000, 2],
        [now - 10_000, 1],
      ] as [number, number][],
    };
    expect([0, 1].map(ahead => after(ahead, line({ rate: lowered })))).toEqual([50_000, stretch + 50_000]);
  });

  test('is that of a queue that is played call by call', () => {
    const past = fc.array(fc.tuple(fc.integer({ min: 1, max: minute - 1 }), fc.integer({ min: 1, max: 4 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), past, fc.integer({ min: 0, max: 60 }), (messages, calls, ahead) => {
        const ends = calls.map(([ago, n]): [number, number] => [now - ago, n]).sort(([a], [b]) => a - b);
        const freeAt = ends.flatMap(([at, n]) => Array<number>(n).fill(at + minute));
        let begin = now;
        for (let n = 0; n <= ahead; n++) {
          begin = Math.max(now, freeAt[freeAt.length - messages] ?? now);
          freeAt.push(begin + stretch);
        }
        expect(after(ahead, line({ rate: { messages, ms: minute, in_flight: 0, ends } }))).toBe(begin - now);
      }),
    );
  });

  test('waits for the end of a hold, and with gaps for half of each', () => {
    expect(after(4, line({ lane_from: now + hour }), 'throttled', new Date(now + hour))).toBe(hour + stretch);
    expect(after(2, line({ jitter_ms: 10_000 }), 'next')).toBe(10_000);
  });
});

describe('the other limits', () => {
  test('a day takes its limit, and the next days take the rest', () => {
    const days = { sent: 1, tomorrow: now + 12 * hour, limits: [2, 2, 4, null] };
    const wide = { messages: 100, ms: minute, in_flight: 0, ends: [] };
    const at = [0, 1, 2, 3, 6, 7].map(ahead =>
      after(ahead, line({ rate: wide, day: days }), 'daily_limit', new Date(now)),
    );
    expect(at).toEqual([0, 12 * hour, 12 * hour, 36 * hour, 36 * hour, 60 * hour]);
    expect(after(50, line({ day: { ...days, limits: [2, 2] } }))).toBeNull();
  });

  test('the quiet hours stop the line, now and later', () => {
    const tonight = { until: now + 20 * hour, ms: -14 * hour };
    expect(after(0, line({ quiet: tonight }), 'next')).toBe(0);
    // 600 messages take 200 minutes; 10 hours a day are left.
    expect(after(599, line({ quiet: tonight }), 'next')).toBe(199 * stretch);
    expect(after(2_999, line({ quiet: tonight }), 'next')).toBe(999 * stretch + 10 * hour);
    const already = { until: now + hour, ms: 2 * hour };
    expect(after(3, line({ quiet: already }), 'quiet_hours', new Date(now + hour))).toBe(hour + stretch);
  });

  test('the pace to one person', () => {
    const pair = { full_at: now, burst: 2, ms: 6_000, before: 0 };
    const wide = { messages: 100, ms: minute, in_flight: 0, ends: [] };
    const at = [0, 1, 2, 5].map(before => after(before, line({ rate: wide, pair: { ...pair, before } }), 'next'));
    expect(at).toEqual([0, 0, 6_000, 24_000]);
  });
});

test('a message with a time of its own does not leave before it', () => {
  expect(after(0, line({ own_from: now + hour }), 'retry', new Date(now + hour))).toBe(hour);
  expect(after(23, line({ own_from: now + minute }), 'retry', new Date(now + minute))).toBe(7 * stretch);
  expect(after(null, line(), 'deferred', new Date(now + hour))).toBe(hour);
  expect(after(null, null, 'scheduled', new Date(now + hour))).toBe(hour);
});

test('nothing is said where nobody knows', () => {
  expect(after(0, line({ stopped: true }), 'no_worker')).toBeNull();
  expect(after(0, line({ stopped: true }), 'retry', new Date(now + hour))).toBeNull();
  expect(after(0, line(), 'template_paused')).toBeNull();
  expect(after(null, line(), 'next')).toBeNull();
  expect(after(farthest, line())).toBeNull();
  expect(after(null, null, 'unknown_outcome', new Date(now + hour))).toBeNull();
  expect(after(20, line({ new_per_day: 20 }), 'new_conversation_limit', new Date(now + hour))).toBeNull();
});
