// Computes what a load needs and what breaks first, from the constants in docs/scale.md: npm run scale -- --messages 50e6
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const options = {
  messages: { type: 'string', default: '50e6', words: 'messages a day' },
  peak: { type: 'string', default: '5', words: 'the peak hour, as a multiple of the average' },
  receipts: { type: 'string', default: '3', words: 'receipts a message' },
  days: { type: 'string', default: '90', words: 'days that messages are kept' },
  cells: { type: 'string', default: '1', words: 'installations that share the load' },
  cores: { type: 'string', default: '32', words: 'cores of the machine of one PostgreSQL' },
  'disk-tb': { type: 'string', default: '8', words: 'disk of that machine, in TB' },
  'restore-hours': { type: 'string', default: '8', words: 'longest restore that you accept, in hours' },
  'deleting-hours': { type: 'string', default: '4', words: 'hours a day in which retention may delete' },
  help: { type: 'boolean', default: false, words: 'this' },
};

/** The numbers of the table of constants, by name. @throws if a name that is asked for is missing */
export function constantsOf(page) {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\| (?:× )?([\d.,]+)/gm)];
  const constants = new Map(rows.map(([, name, value]) => [name, Number(value.replaceAll(',', ''))]));
  return name => {
    const value = constants.get(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`docs/scale.md has no number for ${name}.`);
    return value;
  };
}

/**
 * What a load needs, a cell. Each need has `needs` and `has` in the same unit; the largest quotient breaks first.
 * `cells`: how many cells hold every limit.
 */
export function scale(constant, load) {
  const perDay = load.messages / load.cells;
  const peak = (perDay / 86_400) * load.peak;
  const use = constant('USE') / 100;
  const inPostgres = constant('DELIVER_PG_MS') * constant('MANY_ACCOUNTS') + load.receipts * constant('WEBHOOK_MS');
  const inNode = constant('DELIVER_NODE_MS') * constant('MANY_ACCOUNTS');
  const stored = perDay * load.days;
  const needs = [
    {
      what: 'cores of PostgreSQL at the peak',
      needs: (peak * inPostgres) / 1_000 / use,
      has: load.cores,
      unit: 'cores',
    },
    { what: 'disk of the history', needs: (stored * constant('MESSAGE_KB')) / 1e9, has: load.disk, unit: 'TB' },
    { what: 'restore of a backup', needs: stored / constant('RESTORE_RATE') / 3_600, has: load.restore, unit: 'hours' },
    {
      what: 'deleting a day of messages',
      needs: perDay / constant('RETENTION_RATE') / 3_600,
      has: load.deleting,
      unit: 'hours',
    },
  ].sort((one, other) => other.needs / other.has - one.needs / one.has);
  const worst = needs[0].needs / needs[0].has;
  return {
    average: perDay / 86_400,
    peak,
    nodeCores: (peak * inNode) / 1_000 / use,
    needs,
    cells: Math.ceil(worst * load.cells),
  };
}

function main() {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log('npm run scale -- [options]\n');
    for (const [name, { words, default: usual }] of Object.entries(options))
      console.log(`  --${name.padEnd(16)} ${words}${typeof usual === 'string' ? ` (${usual})` : ''}`);
    return;
  }
  const number = name => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${values[name]}.`);
    return value;
  };
  const load = {
    ...{ messages: number('messages'), peak: number('peak'), receipts: number('receipts'), days: number('days') },
    ...{ cells: number('cells'), cores: number('cores'), disk: number('disk-tb') },
    ...{ restore: number('restore-hours'), deleting: number('deleting-hours') },
  };
  const page = readFileSync(fileURLToPath(new URL('../docs/scale.md', import.meta.url)), 'utf8');
  const found = scale(constantsOf(page), load);
  const whole = value => (value >= 10 ? Math.round(value).toLocaleString('en') : value.toFixed(1));
  console.log(`${whole(load.messages / load.cells)} messages a day in each of ${load.cells} cells`);
  console.log(`${whole(found.average)} a second on average, ${whole(found.peak)} at the peak`);
  console.log(`${whole(found.nodeCores)} cores for api and worker processes\n`);
  for (const { what, needs, has, unit } of found.needs)
    console.log(`${needs > has ? '✗' : '✓'} ${what.padEnd(32)} ${whole(needs).padStart(8)} of ${whole(has)} ${unit}`);
  const [first] = found.needs;
  if (first.needs <= first.has)
    console.log(
      `\nThis holds. At ${whole((load.messages * first.has) / first.needs)} messages a day, first breaks: ${first.what}.`,
    );
  else console.log(`\nFirst breaks: ${first.what}. ${found.cells} cells hold.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
