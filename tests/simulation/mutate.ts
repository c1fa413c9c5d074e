// `npm run simulate -- --mutants`: the same schedules on sources with a fault planted in each. A promise that no schedule
// can break proves nothing, so each fault has to be caught.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Mutant, mutants } from './mutants.ts';

/** Plants each fault in a copy of the sources and plays until it is caught. Gives how many were not. */
export async function playMutants(
  root: string,
  { seeds: mostSeeds, jobs, only }: { seeds: number; jobs: number; only?: string | undefined },
): Promise<number> {
  const chosen = mutants.filter(({ name }) => only === undefined || name.includes(only));
  if (chosen.length === 0)
    throw new Error(`no mutant is called ${only}: ${mutants.map(({ name }) => name).join(', ')}`);
  let missed = 0;
  for (const fault of chosen) {
    const broken = await play(root, fault, { mostSeeds, jobs });
    const caught = broken.find(line => fault.breaks.test(line));
    if (!caught) missed++;
    const others = otherWays(fault, broken);
    console.log(
      `${fault.name}: ${caught ?? `not caught by ${mostSeeds} schedules`}${others.length > 0 ? `; also ${others.join('; ')}` : ''}`,
    );
  }
  return missed;
}

/** How else a copy broke before it was caught, with the first seed of each way, but for the numbers in it. */
function otherWays({ breaks }: Mutant, lines: string[]): string[] {
  const seeds = new Map<string, string>();
  for (const line of lines) {
    const [seed = '', words = ''] = line.split(/: (.*)/, 2);
    for (const promise of words.split('; '))
      if (!breaks.test(line)) {
        const way = promise.replaceAll(/\d+/g, '…');
        if (!seeds.has(way)) seeds.set(way, `by ${seed}: ${promise}`);
      }
  }
  return [...seeds.values()];
}

/** The names of the faults that do not fit the sources any more, with what is missing there. */
export async function outdatedMutants(root: string): Promise<string[]> {
  const tried = await Promise.allSettled(mutants.map(fault => mutantTexts(root, fault)));
  return tried.flatMap(result => (result.status === 'rejected' ? [String(result.reason)] : []));
}

/** The texts of the files with the fault in them. */
async function mutantTexts(root: string, { name, file, change }: Mutant): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const [before, after, where = file] of change) {
    const text = texts.get(where) ?? (await readFile(join(root, where), 'utf8'));
    if (before.startsWith('@mutant ')) {
      const lines = text.split('\n');
      const places = lines.flatMap((line, place) => (line.endsWith(before) ? [place] : []));
      if (places.length !== 1) throw new Error(`${name}: no single line of ${where} ends with ${before}`);
      texts.set(where, lines.with(places[0] ?? 0, after).join('\n'));
      continue;
    }
    if (text.split(before).length !== 2)
      throw new Error(`${name}: what it changes does not stand once in ${where}: ${before}`);
    texts.set(
      where,
      text.replace(before, () => after),
    );
  }
  return texts;
}

interface Play {
  mostSeeds: number;
  jobs: number;
}

async function play(root: string, fault: Mutant, order: Play): Promise<string[]> {
  const copy = await mkdtemp(join(tmpdir(), 'recado-planted-'));
  try {
    for (const folder of ['server', 'contract', 'tests', 'package.json'])
      await cp(join(root, folder), join(copy, folder), {
        recursive: true,
        filter: path => !/(^|\/)(dist|node_modules)(\/|$)/.test(path.slice(root.length)),
      });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    for (const [file, text] of await mutantTexts(root, fault)) await writeFile(join(copy, file), text);
    return await untilCaught(copy, fault, order);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The lines that tell of broken promises, up to the one that breaks in the fault's own way. */
async function untilCaught(copy: string, { breaks }: Mutant, { mostSeeds, jobs }: Play): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=recado-source',
      'tests/simulation/start.mjs',
      ...['--seeds', String(mostSeeds), '--jobs', String(jobs), '--until', breaks.source],
    ],
    {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const broken: string[] = [];
  let isCaught = false;
  let hasEnded = false;
  let told = '';
  child.stderr.on('data', chunk => {
    told += chunk;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('schedules ')) hasEnded = true;
    if (!line.startsWith('seed ') || isCaught) continue;
    broken.push(line);
    isCaught = breaks.test(line);
  }
  if (child.exitCode === null) await new Promise(resolve => child.on('exit', resolve));
  // A copy that cannot be played at all has caught nothing.
  if (!hasEnded && !isCaught) throw new Error(`the simulation itself failed: ${told}`);
  return broken;
}
