// A Redis that is flushed, killed and stopped while it carries wake-ups.
import { once } from 'node:events';
import { connect } from 'node:net';
import { redisProgram } from '../setup/redis.ts';
import type { Fault } from './actors.ts';
import { type Actor, end, freePort, launch, pause, until } from './processes.ts';

export interface FaultyRedis {
  url: string;
  faults: Fault[];
  /** How many pending wake-ups were lost to flushes. */
  wakeupsFlushed(): number;
  close(): Promise<void>;
}

/** A script that counts the wake-ups in BullMQ's lists after another command. */
const countWakeups = (then: string) =>
  `EVAL "local n = 0 for _, key in ipairs(redis.call('KEYS', 'recado:*:wait')) do n = n + redis.call('LLEN', key) end ${then} return n" 0`;

/**
 * Starts a Redis without persistence on a free port of loopback. Wake-ups are taken within a millisecond, so a flush
 * would hardly ever hit one: `holdTakers` stops the takers until some are pending.
 */
export async function startFaultyRedis(
  folder: string,
  holdTakers?: (signal: 'SIGSTOP' | 'SIGCONT') => void,
): Promise<FaultyRedis> {
  const program = redisProgram;
  if (!program) throw new Error('redis-server was not found');
  const port = await freePort();
  let actor: Actor;
  let flushed = 0;

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
  const wakeups = async (command: string) => {
    const answer = await ask(command);
    const found = /^:(\d+)\r\n$/.exec(answer)?.[1];
    if (found === undefined) throw new Error(`Redis answered ${answer}`);
    return Number(found);
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
          holdTakers?.('SIGSTOP');
          try {
            // There may be none: the accepting process may be down.
            if (holdTakers)
              await until('wake-ups wait', 1, async () => (await wakeups(countWakeups(''))) > 0, 5).catch(() => {});
            flushed += await wakeups(countWakeups(`redis.call('FLUSHALL')`));
          } finally {
            holdTakers?.('SIGCONT');
          }
        },
      },
      {
        name: 'Redis killed and started empty',
        target: 'redis',
        keepsFromStarting: true,
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
        keepsFromStarting: true,
        weight: 2,
        act: async () => {
          actor.signal('SIGSTOP');
          await pause(3_000);
          actor.signal('SIGCONT');
        },
      },
    ],
    wakeupsFlushed: () => flushed,
    close: () => end(actor),
  };
}
