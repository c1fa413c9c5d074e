// `npm run bench`: measures the named parts, or all, and writes bench/results.md.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { accept } from './parts/accept.ts';
import { accounts } from './parts/accounts.ts';
import { alerts } from './parts/alerts.ts';
import { backlog } from './parts/backlog.ts';
import { campaign } from './parts/campaign.ts';
import { deliver } from './parts/deliver.ts';
import { events } from './parts/events.ts';
import { idle } from './parts/idle.ts';
import { importPart } from './parts/import.ts';
import { inbound } from './parts/inbound.ts';
import { login } from './parts/login.ts';
import { media } from './parts/media.ts';
import { memory } from './parts/memory.ts';
import type { Order, Part } from './parts/part.ts';
import { replica } from './parts/replica.ts';
import { requests } from './parts/requests.ts';
import { retention } from './parts/retention.ts';
import { search } from './parts/search.ts';
import { segments } from './parts/segments.ts';
import { sessionKills } from './parts/session-kills.ts';
import { sessionsPart } from './parts/sessions.ts';
import { size } from './parts/size.ts';
import { statistics } from './parts/statistics.ts';
import { stored } from './parts/stored.ts';
import { views } from './parts/views.ts';
import { web } from './parts/web.ts';
import { commit, machine, textOf, writeSections } from './results.ts';

const parts: Record<string, Part> = {
  accept,
  deliver,
  accounts,
  alerts,
  idle,
  events,
  requests,
  inbound,
  backlog,
  campaign,
  stored,
  replica,
  views,
  search,
  statistics,
  retention,
  segments,
  size,
  memory,
  login,
  media,
  web,
  sessions: sessionsPart,
  'session-kills': sessionKills,
  import: importPart,
};
const usage = `npm run bench -- [${Object.keys(parts).join('] [')}] [--rounds 5] [--seconds 8] [--rows 1000000] [--minutes 3] [--people 500000] [--dry]`;

function readOrder() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '8' },
      rows: { type: 'string', default: '1000000' },
      minutes: { type: 'string', default: '3' },
      people: { type: 'string', default: '500000' },
      /** Prints the results and leaves the file unchanged. */
      dry: { type: 'boolean', default: false },
    },
  });
  const [rounds, seconds, rows, minutes, people] = [
    values.rounds,
    values.seconds,
    values.rows,
    values.minutes,
    values.people,
  ].map(Number);
  // `size` alone takes as long as all others together.
  const names = positionals.length > 0 ? positionals : Object.keys(parts).filter(name => name !== 'size');
  const within = (value: number | undefined, most: number): value is number =>
    value !== undefined && Number.isInteger(value) && value >= 1 && value <= most;
  if (
    !(
      within(rounds, 50) &&
      within(seconds, 120) &&
      within(rows, 50_000_000) &&
      within(minutes, 120) &&
      within(people, 5_000_000)
    ) ||
    names.some(name => !Object.hasOwn(parts, name))
  )
    throw new Error(usage);
  return { names, order: { rounds, seconds, rows, minutes, people }, dry: values.dry };
}

async function main(): Promise<void> {
  // The processes of the run end with it, on any signal.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  const { names, order: sizes, dry } = readOrder();
  const tell = (line: string) => console.error(line);
  const order: Order = { ...sizes, tell };
  tell(`${machine()}, load ${loadavg()[0]?.toFixed(1)}`);
  for (const name of names) {
    const began = new Date();
    const load = loadavg()[0]?.toFixed(1);
    const section = await (parts[name] as Part)(order);
    const words = `npm run bench -- ${name} ${Object.entries(sizes)
      .map(([option, value]) => `--${option} ${value}`)
      .join(' ')}`;
    const facts = `${began.toISOString().slice(0, 16).replace('T', ' ')} UTC, \`${words}\`, ${machine()}, load average before ${load}, commit ${commit()}, ${Math.round((Date.now() - began.getTime()) / 1_000)} s`;
    console.log(`${textOf(section, facts)}\n`);
    // A part that cannot be measured here keeps its results from elsewhere.
    if (!dry && section.table.length > 0) writeSections([section], facts);
  }
  process.exit(0);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
