// One process with both roles on the embedded database, as `npm start` runs it; wake-ups optionally go through Redis.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actors, Fault } from './actors.ts';
import { pause } from './processes.ts';
import { makeFolder, type Program, prepareProgram } from './program.ts';
import { type FaultyRedis, startFaultyRedis } from './redis.ts';

export type Store = 'postgres' | 'redis';

export async function actorsAlone(store: Store): Promise<Actors> {
  const folder = await makeFolder();
  let redis: FaultyRedis | undefined;
  let program: Program | undefined;
  const close = async () => {
    await program?.close();
    await redis?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    redis = store === 'redis' ? await startFaultyRedis(folder) : undefined;
    program = await prepareProgram(redis ? { REDIS_URL: redis.url } : {});
    await program.start();
    const { client, simulatorUrl, dataDir, ledger, deaths, failedStarts } = program;
    return {
      name: 'one process',
      client,
      simulatorUrl,
      faults: [...faultsOf(program), ...(redis?.faults ?? [])],
      connection: () => ({ host: join(dataDir, 'postgres-socket'), user: 'recado', database: 'recado' }),
      ledger,
      deaths,
      failedStarts,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function faultsOf(program: Program): Fault[] {
  const kill = (what: 'server' | 'group' | 'everything', name: string, weight: number): Fault => ({
    name,
    target: 'program',
    weight,
    endsCalls: true,
    act: async random => {
      await program.kill(what);
      // Leftover processes may live on for a moment, or meet the next start.
      await pause(random.pick([0, 0, 200, 1_000]));
      await program.startPatiently();
    },
  });
  return [
    kill('server', 'server killed alone', 8),
    kill('group', 'server killed with its group', 5),
    kill('everything', 'server killed with its group and the database', 7),
    {
      name: 'embedded PostgreSQL stopped immediately',
      kind: 'postgres-stop',
      byItself: true,
      target: 'program',
      weight: 3,
      act: () => program.stopDatabase(),
    },
    {
      name: 'server told to stop',
      target: 'program',
      weight: 2,
      endsCalls: true,
      act: async () => {
        await program.stop();
        await program.startPatiently();
      },
    },
  ];
}
