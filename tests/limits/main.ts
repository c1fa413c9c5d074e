// `npm run limits`: loads the real program with accounts of all kinds of limits, and counts any excess. With a word, it
// measures the waits of others: `hostile` webhooks, or slow `lists`.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { playHostile } from './hostile.ts';
import { playLists } from './lists.ts';
import { leastUse, linesOf, totalsOf } from './report.ts';
import { type Order, play } from './run.ts';

const usage = 'npm run limits -- [--seconds 300] [--accounts 50] [--seed N], or npm run limits -- hostile|lists';

/** The measurements of the waits of others, by their words. */
const measures: Record<string, () => Promise<string[]>> = { hostile: playHostile, lists: playLists };

function readOrder(): Order {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '300' },
      accounts: { type: 'string', default: '50' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    },
  });
  const order = { seconds: Number(values.seconds), accounts: Number(values.accounts), seed: Number(values.seed) };
  const { seconds, accounts, seed } = order;
  if (!(seconds > 0) || !Number.isInteger(seed) || !Number.isInteger(accounts) || accounts < 1 || accounts > 1_000)
    throw new Error(usage);
  return order;
}

async function main(): Promise<void> {
  // The processes of the run end with it, on any signal.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  const [, , word = ''] = process.argv;
  const measure = Object.hasOwn(measures, word) ? measures[word] : undefined;
  if (measure) {
    console.log(`Node ${process.version}, ${cpus().length} cores`);
    for (const line of await measure()) console.log(line);
    process.exit(0);
  }
  const order = readOrder();
  console.log(`seed ${order.seed}, ${order.seconds} s, Node ${process.version}, ${cpus().length} cores`);
  const hardEnd = setTimeout(
    () => {
      console.error('the run exceeded its deadline and is aborted');
      process.exit(1);
    },
    order.seconds * 1_000 + 300_000,
  );
  hardEnd.unref();
  const findings = await play(order);
  for (const complaint of findings.complaints.slice(0, 20)) console.error(complaint);
  for (const line of linesOf(findings)) console.log(line);
  const { exceeded, uses } = totalsOf(findings);
  const good = exceeded === 0 && uses.every(use => use >= leastUse) && findings.complaints.length === 0;
  process.exit(good ? 0 : 1);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
