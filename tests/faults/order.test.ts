import { expect, test } from 'vitest';
import { actorsAlone } from './actors-alone.ts';
import { actorsDisk } from './actors-disk.ts';
import { readOrder, usage } from './order.ts';

test('each option of the usage is taken', () => {
  const order = readOrder(
    ['--kills', '15', '--store', 'redis', '--seed', '7', '--messages-per-kill', '40'].concat([
      '--actors',
      'disk,alone',
      '--only',
      'redis-flush',
    ]),
  );
  expect(order).toMatchObject({ kills: 15, store: 'redis', seed: 7, messagesPerKill: 40, only: 'redis-flush' });
  expect(order.actorSets).toEqual([actorsDisk, actorsAlone]);
  expect(readOrder(['--lost-answers', '100', '--store', 'postgres']).lostAnswers).toBe(100);
  const named = [...usage.matchAll(/--([a-z-]+)/g)].map(([option]) => option);
  for (const option of named) expect(() => readOrder([`${option}=1`])).not.toThrow(/Unknown option/);
});

test('unknown actors get the usage', () => {
  expect(() => readOrder(['--actors', 'nobody'])).toThrow(usage);
});
