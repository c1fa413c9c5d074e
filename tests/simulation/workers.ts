// Several processes that play blocks of seeds on one server, so that every core has work.
import { type ChildProcess, fork } from 'node:child_process';
import { openEnvironment, type Server } from './environment.ts';
import { type Failure, makeDatabase, playSeeds, seedsFrom, type Total } from './play.ts';

interface Block {
  first: number;
  count: number;
}

/** What a process is sent: first where it plays, then a block at a time. */
type Order = { server: Server; databases: string[] } | Block;

interface Done {
  total: Total;
  failures: Failure[];
}

/** Each process keeps two schedules going: one waits for the database while the other computes. */
const databasesEach = 2;

export interface WorkersOrder {
  server: Server;
  jobs: number;
  first: number;
  count: number;
  block: number;
  /** Hears of each block as it ends; a block that comes before an earlier one waits for that. */
  onBlock(done: Done, next: number): Promise<void>;
  enough(): boolean;
}

/** Plays `count` seeds from `first` on. */
export async function playInWorkers(order: WorkersOrder): Promise<void> {
  const end = order.first + order.count;
  let next = order.first;
  let told = order.first;
  const waiting = new Map<number, Done & Block>();
  let telling = Promise.resolve();
  async function tell(): Promise<void> {
    for (let done = waiting.get(told); done; done = waiting.get(told)) {
      waiting.delete(told);
      told += done.count;
      await order.onBlock(done, told);
    }
  }
  await Promise.all(
    Array.from({ length: order.jobs }, async (_, place) => {
      const databases: string[] = [];
      for (let n = 1; n <= databasesEach; n++)
        databases.push(await makeDatabase(order.server, `simulation_${place}_${n}`));
      const child = fork(new URL('start.mjs', import.meta.url), ['--member']);
      const ended = new Promise(resolve => child.once('exit', resolve));
      try {
        await ask(child, { server: order.server, databases });
        while (next < end && !order.enough()) {
          const block = { first: next, count: Math.min(order.block, end - next) };
          next += block.count;
          const done = (await ask(child, block)) as Done;
          waiting.set(block.first, { ...done, ...block });
          telling = telling.then(tell);
          await telling;
        }
      } finally {
        // It closes its connections, and then the server may stop. One that has died is disconnected already.
        if (child.connected) child.disconnect();
        await ended;
      }
    }),
  );
}

/** Sends an order and waits for what comes of it. */
function ask(child: ChildProcess, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`a process of the crew ended with ${code}`));
    child.once('exit', died);
    child.once('message', message => {
      child.off('exit', died);
      resolve(message);
    });
    child.send(order);
  });
}

/** What each process of a crew does until it is let go. */
export async function serveInWorker(): Promise<void> {
  const send = (message: unknown) => process.send?.(message);
  let isPlaying = false;
  let environments: Awaited<ReturnType<typeof openEnvironment>>[] = [];
  const ordered = async (order: Order) => {
    if ('server' in order) {
      environments = await Promise.all(order.databases.map(database => openEnvironment(order.server, database)));
      return send('ready');
    }
    isPlaying = true;
    const failures: Failure[] = [];
    const total = await playSeeds(environments, seedsFrom(order.first, order.count), failure => failures.push(failure));
    failures.sort((left, right) => left.seed - right.seed);
    if (total.played !== order.count) throw new Error(`${total.played} of ${order.count} schedules were counted`);
    isPlaying = false;
    send({ total, failures });
  };
  process.on('message', message => void ordered(message as Order));
  await new Promise<void>(resolve => process.once('disconnect', () => resolve()));
  // The parent process died in the middle of a block: the next run plays the block again.
  if (isPlaying) process.exit(1);
  await Promise.all(environments.map(environment => environment.close()));
}
