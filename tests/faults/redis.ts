// A Redis that is flushed, killed and stopped while it carries hints.
import { once } from 'node:events';
import { connect } from 'node:net';
import { redisProgram } from '../setup/redis.ts';
import type { Fault } from './cast.ts';
import { type Actor, end, freePort, launch, pause, until } from './processes.ts';

export interface FaultyRedis {
  url: string;
  faults: Fault[];
  close(): Promise<void>;
}

/** Starts one without persistence on a free port of the loopback. */
export async function startFaultyRedis(folder: string): Promise<FaultyRedis> {
  const program = redisProgram;
  if (!program) throw new Error('redis-server was not found');
  const port = await freePort();
  let actor: Actor;

  const ask = async (command: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    try {
      socket.setTimeout(2_000, () => socket.destroy(new Error('Redis does not answer')));
      socket.write(`${command}\r\n`);
      const [answer] = await once(socket, 'data');
      return String(answer);
    } finally {
      socket.destroy();
    }
  };
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    actor = launch(program, args, folder, {});
    await until('Redis answers', 20, async () => (await ask('PING')).includes('PONG'));
  };
  await start();

  return {
    url: `redis://127.0.0.1:${port}`,
    faults: [
      {
        name: 'Redis flushed',
        kind: 'redis-flush',
        target: 'redis',
        weight: 6,
        act: async () => {
          await ask('FLUSHALL');
        },
      },
      {
        name: 'Redis killed and started empty',
        target: 'redis',
        weight: 6,
        act: async random => {
          await end(actor);
          await pause(random.whole(0, 1_000));
          await start();
        },
      },
      {
        name: 'Redis stopped for 3 s',
        target: 'redis',
        weight: 2,
        act: async () => {
          actor.signal('SIGSTOP');
          await pause(3_000);
          actor.signal('SIGCONT');
        },
      },
    ],
    close: () => end(actor),
  };
}
