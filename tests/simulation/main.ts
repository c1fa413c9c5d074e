// `npm run simulate`: plays schedules by their seeds, and tells of each that breaks a promise.

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../server/app/embedded-postgres/index.ts';
import { playPlanted } from './planted.ts';
import { makeDatabase, playSeeds } from './play.ts';

const usage = 'npm run simulate -- [--seeds 1000] [--from 1] [--trace] [--until-broken] | --planted [--only NAME]';

function readOrder() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      trace: { type: 'boolean', default: false },
      'until-broken': { type: 'boolean', default: false },
      planted: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const order = { ...values, seeds: Number(values.seeds), from: Number(values.from) };
  if (!(Number.isInteger(order.seeds) && order.seeds > 0 && Number.isInteger(order.from) && order.from >= 0))
    throw new Error(usage);
  return order;
}

/** Seeds that broke a promise are played with every `npm test` from then on. */
async function keep(seeds: number[]): Promise<void> {
  const path = new URL('failing-seeds.json', import.meta.url);
  const kept = JSON.parse(await readFile(path, 'utf8')) as number[];
  const all = [...new Set([...kept, ...seeds])].sort((left, right) => left - right);
  if (all.length > kept.length) await writeFile(path, `${JSON.stringify(all)}\n`);
}

async function main(): Promise<void> {
  const order = readOrder();
  if (order.planted) {
    const missed = await playPlanted(process.cwd(), order.seeds, order.only);
    process.exitCode = missed > 0 ? 1 : 0;
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'recado-simulation-'));
  // The server may run as another user than root.
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: { info: () => {}, warn: () => {} } });
  const { host, port, user } = postgres.connection as { host: string; port: number; user: string };
  try {
    const server = { host, port, user };
    const databases = await Promise.all(['simulation_1', 'simulation_2'].map(name => makeDatabase(server, name)));
    const begun = performance.now();
    const failed: number[] = [];
    const result = await playSeeds(
      server,
      databases,
      order.from,
      order.seeds,
      (seed, broken, trace) => {
        console.log(`seed ${seed}: ${broken.join('; ')}`);
        failed.push(seed);
        if (order.trace) console.log(trace.map(line => `  ${line}`).join('\n'));
      },
      total => order['until-broken'] && total.broken > 0,
    );
    const seconds = (performance.now() - begun) / 1_000;
    console.log(
      `seeds ${order.from} to ${order.from + order.seeds - 1}, ${Math.round(seconds)} s, Node ${process.version}, ${cpus().length} cores`,
    );
    console.log(
      `schedules ${result.played} steps ${result.steps} crashes ${result.crashes} calls ${result.calls} late words ${result.lateWords} cancelled while sending ${result.cancelsOfSending}, while claimed ${result.cancelsLostToClaim} broken ${result.broken}`,
    );
    if (!order['until-broken']) await keep(failed);
    process.exitCode = result.broken > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
