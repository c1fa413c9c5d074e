// The short form of `npm run faults`: each fault once or so, on one process and on several, and nothing lost or doubled.
import { expect, test } from 'vitest';
import { redisProgram } from '../setup/redis.ts';
import type { Cast } from './cast.ts';
import { castAlone } from './cast-alone.ts';
import { castCluster } from './cast-cluster.ts';
import { figuresOf, mistakesOf, playScene } from './scene.ts';

async function play(open: () => Promise<Cast>, seed: number, kills: number): Promise<void> {
  const cast = await open();
  try {
    const lines: string[] = [];
    const tell = (line: string) => lines.push(line);
    const deadline = performance.now() + 120_000;
    const result = await playScene(cast, { seed, kills, messagesPerKill: 30, long: false, deadline, tell });
    console.info(
      `${cast.name}: ${figuresOf(result)}, seed ${seed}, ${[...result.faults.values()].length} kinds of faults`,
    );
    expect(mistakesOf(result), lines.join('\n')).toEqual([]);
    expect(result.accepted).toBeGreaterThan(0);
  } finally {
    await cast.close();
  }
}

test('an api and two workers on one PostgreSQL', () => play(() => castCluster('postgres'), 1, 10));

test.skipIf(!redisProgram)('one process with its hints in Redis', () => play(() => castAlone('redis'), 2, 8));
