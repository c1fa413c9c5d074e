// Business time is what a clock on the wall of the team would count, over changes of the clock and closed days.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario?.close());

const quarter = 900_000;
const day = 96 * quarter;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Days around which the clocks of a zone change, forth and back, and one without a change. */
const places = [
  ['Europe/Lisbon', '2026-03-28'],
  ['Europe/Lisbon', '2026-10-24'],
  ['America/New_York', '2026-03-07'],
  ['America/New_York', '2026-10-31'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-10-03'],
  ['America/Sao_Paulo', '2018-11-03'],
  ['Asia/Kathmandu', '2026-06-01'],
] as const;

interface Hours {
  time_zone: string;
  intervals: { weekday: number; opens: string; closes: string }[];
  holidays: { date: string; name: string }[];
}

/** Quarters of an hour from 4:00 on: what begins or ends while the clock changes has no one right answer. */
const timeOf = (n: number) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`;
const oneDay = fc
  .uniqueArray(fc.integer({ min: 16, max: 96 }), { minLength: 2, maxLength: 4 })
  .map(times => times.toSorted((one, other) => one - other))
  .map(times => [times.slice(0, 2), times.slice(2, 4)].filter(({ length }) => length === 2))
  .chain(spans => fc.boolean().map(isWhole => (isWhole ? [[0, 96]] : spans)));
const cases = fc.record({
  place: fc.constantFrom(...places),
  week: fc.array(fc.option(oneDay, { nil: [] }), { minLength: 7, maxLength: 7 }),
  closed: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
  from: fc.integer({ min: 0, max: 2 * 96 }),
  lasts: fc.integer({ min: 0, max: 2 * 96 }),
  minutes: fc.integer({ min: 1, max: 600 }),
});

/** How many minutes of a span the wall shows a time within the hours, looked at in each minute. */
function minutesByWall({ time_zone, intervals, holidays }: Hours, from: number, until: number): number {
  const clock = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: time_zone, weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  let minutes = 0;
  for (let at = from; at < until; at += 60_000) {
    const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    const weekday = weekdays.indexOf(parts.weekday?.slice(0, 3) ?? '') + 1;
    const time = `${parts.hour}:${parts.minute}`;
    if (holidays.some(({ date }) => date === `${parts.year}-${parts.month}-${parts.day}`)) continue;
    if (intervals.some(each => each.weekday === weekday && each.opens <= time && time < each.closes)) minutes += 1;
  }
  return minutes;
}

test('the seconds of a span are those that the wall shows within the hours, and a deadline is their inverse', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ place: [zone, first], week, closed, from, lasts, minutes }) => {
      const start = Date.parse(`${first}T00:00:00Z`);
      const hours: Hours = {
        time_zone: zone,
        intervals: week.flatMap((spans, at) =>
          spans.map(([opens = 0, closes = 96]) => ({ weekday: at + 1, opens: timeOf(opens), closes: timeOf(closes) })),
        ),
        holidays: closed.map(n => ({ date: new Date(start + n * day).toISOString().slice(0, 10), name: 'Closed' })),
      };
      const [begins, ends] = [start + from * quarter, start + (from + lasts) * quarter];
      const times = [JSON.stringify(hours), new Date(begins), new Date(ends), minutes];
      const [row] = await scenario.sql<{ seconds: number; due: Date | null; worked: number | null }>(
        `select business_seconds($1, $2, $3) as seconds, d.due, business_seconds($1, $2, d.due) as worked
         from business_due($1::jsonb, $2::timestamptz, $4::int) d(due)`,
        times,
      );
      expect(row?.seconds).toBe(60 * minutesByWall(hours, begins, ends));
      // Nobody waits in vain, and no minute is given away: just before the deadline the time is not over.
      if (hours.intervals.length === 0) return expect(row?.due).toBeNull();
      expect(row?.worked).toBe(60 * minutes);
      const due = row?.due?.getTime() ?? 0;
      const [before] = await scenario.sql<{ seconds: number }>('select business_seconds($1, $2, $3) as seconds', [
        ...[times[0], times[1], new Date(due - 60_000)],
      ]);
      expect(before?.seconds).toBeLessThan(60 * minutes);
    }),
    { numRuns: 60 },
  );
});

test('without hours all time counts, and without minutes there is no deadline', async () => {
  const [row] = await scenario.sql(
    `select business_seconds(null, t, t + interval '1 minute') as seconds, business_due(null, t, 5) - t as due,
       business_due(null, t, null) as never from (select now() as t) x`,
  );
  expect(row).toMatchObject({ seconds: null, due: { minutes: 5 }, never: null });
});
