// What goes on after the answers, and what becomes of it when the program stops.
import { expect, test } from 'vitest';
import { openLog } from '../log.ts';
import { manualClock } from '../time.ts';
import { backgroundTasks } from './background-tasks.ts';

const make = () => {
  const clock = manualClock(0);
  return { clock, later: backgroundTasks(openLog('silent'), clock) };
};

test('a pause is over at its time', async () => {
  const { clock, later } = make();
  const told: boolean[] = [];
  later.run(async pause => void told.push(await pause(1_000)));
  clock.advance(999);
  await new Promise(resolve => setImmediate(resolve));
  expect(told).toEqual([]);
  clock.advance(1);
  await later.settled(60_000);
  expect(told).toEqual([true]);
});

test('one that is waited for when the program stops is over at once, and says so; so is each that follows', async () => {
  const { clock, later } = make();
  const told: boolean[] = [];
  later.run(async pause => void told.push(await pause(3_600_000), await pause(1)));
  await later.settled(3_600_000);
  expect(told).toEqual([false, false]);
  clock.advance(3_600_000);
  expect(told).toEqual([false, false]);
});
