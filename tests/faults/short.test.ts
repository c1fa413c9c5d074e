// The short form of `npm run faults`: each fault about once, on one process and on several; nothing lost or
// duplicated.
import { expect, test } from 'vitest';
import { redisProgram } from '../setup/redis.ts';
import { rotatingOne } from '../setup/rotation.ts';
import type { Actors, Fault } from './actors.ts';
import { actorsAlone } from './actors-alone.ts';
import { actorsCluster } from './actors-cluster.ts';
import { playLostAnswers } from './lost-answers.ts';
import { timesInWords } from './recovery.ts';
import { mistakesOf, playScene, summaryOf } from './scene.ts';

interface Plan {
  seed: number;
  kills: number;
  fits?: (fault: Fault) => boolean;
}

async function play(open: () => Promise<Actors>, plan: Plan): Promise<void> {
  const actors = await open();
  try {
    const lines: string[] = [];
    const tell = (line: string) => lines.push(line);
    const deadline = performance.now() + 120_000;
    const result = await playScene(actors, {
      ...plan,
      messagesPerKill: 30,
      patienceSeconds: 60,
      long: false,
      deadline,
      tell,
    });
    console.info(
      `${actors.name}: ${summaryOf(result)}, seed ${plan.seed}, ${plan.kills} faults of ${result.faults.size} kinds`,
    );
    expect(mistakesOf(result), lines.join('\n')).toEqual([]);
    expect(result.accepted).toBeGreaterThan(0);
  } finally {
    await actors.close();
  }
}

// Kills on PostgreSQL are covered by kill.test.ts.
const fits = (fault: Fault) => fault.target === 'redis' || fault.name === 'server killed alone';
const actorSets: [string, () => Promise<void>][] = [
  ['an api and two workers on one PostgreSQL', () => play(() => actorsCluster('postgres'), { seed: 1, kills: 6 })],
];
if (redisProgram)
  actorSets.push([
    'one process with its wake-ups in Redis',
    () => play(() => actorsAlone('redis'), { seed: 2, kills: 6, fits }),
  ]);

test.each(rotatingOne(actorSets))('%s', (_, plays) => plays());

test('PostgreSQL alone is stopped, and all goes on in time', async () => {
  const actors = await actorsAlone('postgres');
  try {
    const tell = () => {};
    const plan = { seed: 4, kills: 2, messagesPerKill: 30, patienceSeconds: 60, long: false, timed: true, tell };
    const fits = (fault: Fault) => fault.kind === 'postgres-stop';
    const result = await playScene(actors, { ...plan, fits, deadline: performance.now() + 120_000 });
    console.info([`${actors.name}: ${summaryOf(result)}, seed 4`, ...timesInWords(result.recovery)].join('\n'));
    expect(mistakesOf(result)).toEqual([]);
    expect(result.recovery.delivered).toHaveLength(2);
  } finally {
    await actors.close();
  }
});

test('no message whose answer is lost is called again, and the receipts settle all', async () => {
  const actors = await actorsAlone('postgres');
  try {
    const count = 150;
    const deadline = performance.now() + 120_000;
    const lost = await playLostAnswers(actors, { count, seed: 5, deadline, tell: () => {} });
    console.info(
      `${actors.name}: ${summaryOf(lost.result)}, calls ${lost.calls}, resolved by receipts ${lost.resolved}`,
    );
    expect(lost.mistakes).toEqual([]);
    expect(lost).toMatchObject({ calls: count, unanswered: count, resolved: count });
  } finally {
    await actors.close();
  }
});
