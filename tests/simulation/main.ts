// `npm run simulate`: plays schedules by their seeds, and tells of each that breaks a promise.

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../server/app/database/embedded-postgres/index.ts';
import type { Server } from './environment.ts';
import { playMutants } from './mutate.ts';
import { type Failure, plus, type Total } from './play.ts';
import { type Progress, readProgress, writeProgress } from './progress.ts';
import { playInWorkers, serveInWorker } from './workers.ts';

const usage =
  'npm run simulate -- [--seeds 1000] [--from 1] [--jobs CORES] [--progress FILE] [--trace] [--until-broken] [--until WORDS] | --mutants [--only NAME]';

function readOrder() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(cpus().length) },
      progress: { type: 'string' },
      trace: { type: 'boolean', default: false },
      'until-broken': { type: 'boolean', default: false },
      until: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      only: { type: 'string' },
      member: { type: 'boolean', default: false },
    },
  });
  const order = {
    ...values,
    seeds: Number(values.seeds),
    from: Number(values.from),
    jobs: Number(values.jobs),
    /** A schedule that breaks a promise in such words is enough. */
    until: values.until !== undefined ? new RegExp(values.until) : values['until-broken'] ? /^/ : undefined,
  };
  const isCount = (value: number) => Number.isInteger(value) && value > 0;
  if (!(isCount(order.seeds) && isCount(order.jobs) && Number.isInteger(order.from) && order.from >= 0))
    throw new Error(usage);
  return order;
}

type SimulationOrder = ReturnType<typeof readOrder>;

/** Seeds that broke a promise are played with every `npm test` from then on. */
async function keep(seeds: number[]): Promise<void> {
  const path = new URL('failing-seeds.json', import.meta.url);
  const kept = JSON.parse(await readFile(path, 'utf8')) as number[];
  const all = [...new Set([...kept, ...seeds])].sort((left, right) => left - right);
  if (all.length > kept.length) await writeFile(path, `${JSON.stringify(all)}\n`);
}

async function main(): Promise<void> {
  const order = readOrder();
  if (order.member) return serveInWorker();
  if (order.mutants) {
    const missed = await playMutants(process.cwd(), order);
    process.exitCode = missed > 0 ? 1 : 0;
    return;
  }
  const progress = await readProgress(order.progress, order.from);
  const folder = await mkdtemp(join(tmpdir(), 'recado-simulation-'));
  // The server may run as another user than root.
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: { info: () => {}, warn: () => {} } });
  const { host, port, user } = postgres.connection;
  const cleanUp = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  // An interrupted run leaves no process behind.
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      isInterrupted = true;
      void cleanUp().finally(() => process.exit(130));
    });
  try {
    await play(order, { host, port, user }, progress);
    report(order, progress);
    if (!order.until) await keep(progress.failed);
    process.exitCode = progress.total.broken > 0 ? 1 : 0;
  } catch (error) {
    // Without their database the others fail, while this process cleans up and ends.
    if (isInterrupted) await new Promise(() => {});
    throw error;
  } finally {
    await cleanUp();
  }
}

async function play(order: SimulationOrder, server: Server, progress: Progress): Promise<void> {
  const earlier = progress.seconds;
  const begun = performance.now();
  const count = order.from + order.seeds - progress.next;
  let isEnough = false;
  await playInWorkers({
    server,
    jobs: order.jobs,
    first: progress.next,
    count: Math.max(0, count),
    // A finding shows when its block is over; an interrupted block begins again.
    block: order.until ? 20 : Math.min(200, Math.max(1, Math.ceil(count / order.jobs / 4))),
    async onBlock({ total, failures }, next) {
      for (const failure of failures) tellOf(failure, order.trace);
      if (order.until) isEnough ||= failures.some(({ broken }) => order.until?.test(broken.join('; ')));
      progress.next = next;
      progress.total = plus(progress.total, total);
      progress.failed.push(...failures.map(({ seed }) => seed));
      progress.seconds = earlier + (performance.now() - begun) / 1_000;
      await writeProgress(order.progress, progress);
    },
    enough: () => isEnough,
  });
}

function tellOf({ seed, broken, trace }: Failure, whole: boolean): void {
  console.log(`seed ${seed}: ${broken.join('; ')}`);
  if (whole) console.log(trace.map(line => `  ${line}`).join('\n'));
}

function report({ jobs }: SimulationOrder, { from, next, seconds, total }: Progress): void {
  console.log(
    `seeds ${from} to ${next - 1}, ${Math.round(seconds)} s, ${jobs} jobs, Node ${process.version}, ${cpus().length} cores`,
  );
  console.log(inWords(total));
  console.log(`died before and after: ${struckInWords(total)}`);
}

function struckInWords({ struck }: Total): string {
  const kinds = new Set(Object.keys(struck).map(step => step.replace(/ \((before|after)\)$/, '')));
  return [...kinds]
    .sort()
    .map(kind => `${kind} ${struck[`${kind} (before)`] ?? 0} and ${struck[`${kind} (after)`] ?? 0}`)
    .join(', ');
}

const inWords = (total: Total): string =>
  [
    `schedules ${total.played} steps ${total.steps} crashes ${total.crashes} calls ${total.calls}`,
    `late words ${total.lateWords} cancelled while sending ${total.cancelsOfSending}, while claimed ${total.cancelsLostToClaim} deeds ${total.actions} erased ${total.erased}`,
    `digest ${total.digest.toString(16).padStart(8, '0')} broken ${total.broken}`,
  ].join(' ');

await main();
