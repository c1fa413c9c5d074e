// The short form of `npm run faults`: each fault about once, on one process and on several; nothing lost or
// duplicated.
import { expect, test } from 'vitest';
import { redisProgram } from '../setup/redis.ts';
import { rotatingOne } from '../setup/rotation.ts';
import type { Cast, Fault } from './actors.ts';
import { castAlone } from './actors-alone.ts';
import { castCluster } from './actors-cluster.ts';
import { playLostAnswers } from './lost-answers.ts';
import { timesInWords } from './recovery.ts';
import { figuresOf, mistakesOf, playScene } from './scene.ts';

interface Plan {
  seed: number;
  kills: number;
  fits?: (fault: Fault) => boolean;
}

async function play(open: () => Promise<Cast>, plan: Plan): Promise<void> {
  const cast = await open();
  try {
    const lines: string[] = [];
    const tell = (line: string) => lines.push(line);
    const deadline = performance.now() + 120_000;
    const result = await playScene(cast, { ...plan, messagesPerKill: 30, long: false, deadline, tell });
    console.info(
      `${cast.name}: ${figuresOf(result)}, seed ${plan.seed}, ${plan.kills} faults of ${result.faults.size} kinds`,
    );
    expect(mistakesOf(result), lines.join('\n')).toEqual([]);
    expect(result.accepted).toBeGreaterThan(0);
  } finally {
    await cast.close();
  }
}

// Kills on PostgreSQL are covered by kill.test.ts.
const fits = (fault: Fault) => fault.target === 'redis' || fault.name === 'server killed alone';
const casts: [string, () => Promise<void>][] = [
  ['an api and two workers on one PostgreSQL', () => play(() => castCluster('postgres'), { seed: 1, kills: 10 })],
];
if (redisProgram)
  casts.push([
    'one process with its hints in Redis',
    () => play(() => castAlone('redis'), { seed: 2, kills: 6, fits }),
  ]);

test.each(rotatingOne(casts))('%s', (_, plays) => plays());

test('PostgreSQL alone is stopped, and all goes on in time', async () => {
  const cast = await castAlone('postgres');
  try {
    const tell = () => {};
    const plan = { seed: 4, kills: 2, messagesPerKill: 30, long: false, timed: true, tell };
    const fits = (fault: Fault) => fault.kind === 'postgres-stop';
    const result = await playScene(cast, { ...plan, fits, deadline: performance.now() + 120_000 });
    console.info([`${cast.name}: ${figuresOf(result)}, seed 4`, ...timesInWords(result.recovery)].join('\n'));
    expect(mistakesOf(result)).toEqual([]);
    expect(result.recovery.delivered).toHaveLength(2);
  } finally {
    await cast.close();
  }
});

test('no message whose answer is lost is called again, and the receipts settle all', async () => {
  const cast = await castAlone('postgres');
  try {
    const count = 150;
    const deadline = performance.now() + 120_000;
    const lost = await playLostAnswers(cast, { count, seed: 5, deadline, tell: () => {} });
    console.info(`${cast.name}: ${figuresOf(lost.result)}, calls ${lost.calls}, resolved by receipts ${lost.resolved}`);
    expect(lost.mistakes).toEqual([]);
    expect(lost).toMatchObject({ calls: count, unanswered: count, resolved: count });
  } finally {
    await cast.close();
  }
});
