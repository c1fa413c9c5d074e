// How the session that makes its process end is found among a hundred.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSuspects, type Suspects } from './suspects.ts';

/** Opens all sessions in processes, as many as their rooms allow, and lets those with a guilty one fall. Returns the falls. */
function round(suspects: Suspects, sessions: readonly string[], guilty: string, now: number): Set<string> {
  const places: { room: number; sessions: string[] }[] = [];
  for (const session of sessions) {
    if (suspects.waitOf(session, now) > 0) continue;
    const room = suspects.roomOf(session);
    const place = places.find(each => each.room === room && each.sessions.length < room);
    if (place) place.sessions.push(session);
    else places.push({ room, sessions: [session] });
  }
  const fallen = places.filter(each => each.sessions.includes(guilty));
  for (const each of fallen) suspects.fell(each.sessions, each.room, each.sessions.length === 1, now);
  return new Set(fallen.flatMap(each => each.sessions));
}

test('whichever of them it is, after four falls it falls and waits alone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.nat(),
      fc.integer({ min: 1, max: 100 }),
      (count, n, perProcess) => {
        const sessions = Array.from({ length: count }, (_, each) => String(each));
        const guilty = String(n % count);
        const suspects = createSuspects(perProcess);
        const falls = Array.from({ length: 4 }, (_, each) => round(suspects, sessions, guilty, each * 60_000));
        expect([...round(suspects, sessions, guilty, 300_000)]).toEqual([guilty]);
        expect(suspects.waitOf(guilty, 300_000)).toBeGreaterThan(0);
        for (const each of sessions) if (each !== guilty) expect(suspects.waitOf(each, 300_000)).toBe(0);
        expect(falls[0]?.size).toBeLessThanOrEqual(perProcess);
      },
    ),
  );
});

test('one fall makes nobody a suspect, and a session that stays open is none any more', () => {
  const suspects = createSuspects(100);
  suspects.fell(['one'], 100, true, 0);
  expect([suspects.roomOf('one'), suspects.waitOf('one', 0)]).toEqual([100, 0]);
  suspects.fell(['one'], 100, true, 0);
  expect(suspects.roomOf('one')).toBe(10);
  expect(suspects.waitOf('one', 0)).toBeGreaterThan(0);
  suspects.clear('one');
  expect([suspects.roomOf('one'), suspects.waitOf('one', 0)]).toEqual([100, 0]);
});

test('the wait grows, and not beyond half a minute', () => {
  const suspects = createSuspects(1);
  const waits = Array.from({ length: 20 }, () => {
    suspects.fell(['one'], 1, true, 0);
    return suspects.waitOf('one', 0);
  });
  expect(waits).toEqual([...waits].sort((one, other) => one - other));
  expect(waits.at(-1)).toBe(30_000);
});
