// A full disk: writes get a clear 503, reads continue, and everything resumes with free space; nothing is lost.
import { expect, test } from 'vitest';
import { actorsDisk } from './actors-disk.ts';
import { mistakesOf, playScene, summaryOf } from './scene.ts';
import { noSmallDisk } from './small-disk.ts';

test.skipIf(noSmallDisk)('the disk of the data folder is full', async () => {
  const actors = await actorsDisk();
  try {
    const lines: string[] = [];
    const tell = (line: string) => lines.push(line);
    const deadline = performance.now() + 180_000;
    const seed = 3;
    const plan = { seed, kills: 4, messagesPerKill: 100, patienceSeconds: 60, long: false, deadline, tell };
    const result = await playScene(actors, plan);
    console.info(`${actors.name}: ${summaryOf(result)}, seed ${seed}, ${[...result.faults.keys()].join(', ')}`);
    expect(mistakesOf(result), lines.join('\n')).toEqual([]);
    expect([...result.faults.values()], lines.join('\n')).toEqual([1, 1, 1, 1]);
  } finally {
    await actors.close();
  }
});
