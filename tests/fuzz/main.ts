// `npm run fuzz`: random requests against the real program.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { fuzz, summary } from './run.ts';

const usage = 'npm run fuzz -- [--requests 100000] [--seed N]';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const count = Number(values.requests);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!(Number.isInteger(count) && count > 0 && Number.isInteger(seed))) throw new Error(usage);
const outcome = await fuzz(count, seed);
console.log(`Node ${process.version}, ${cpus().length} cores`);
console.log(summary(outcome, seed));
process.exitCode = outcome.failures.length > 0 ? 1 : 0;
