import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holdOutput, openLog } from './log.ts';

// The log writes to its process's standard output, so it runs in a process of its own.
const say = (
  lines: string,
) => `import { openLog } from ${JSON.stringify(new URL('../dist/kit/log.js', import.meta.url).href)};
let time = 0;
const log = openLog('info', () => time);
const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
${lines}`;
const node = (code: string) => [process.execPath, ['--input-type=module', '-e', code]] as const;

test('of a database that is away one line a second is logged, and how many were held back', () => {
  const [file, args] = node(
    say(`for (let n = 0; n < 100; n++) log.error({ err: away }, 'failed');
log.error({ err: new Error('a bug') }, 'something else');
time = 1_000;
log.child({}).error({ err: away }, 'failed');`),
  );
  const lines = execFileSync(file, args, { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(lines.map(({ msg, held_back }) => [msg, held_back])).toEqual([
    ['failed', undefined],
    ['something else', undefined],
    ['failed', 99],
  ]);
});

test.runIf(existsSync('/dev/full'))('a log that cannot be written ends nothing', () => {
  const [file, args] = node(say(`log.info('into nothing'); setImmediate(() => console.error('goes on'));`));
  const { status, stderr } = spawnSync('sh', ['-c', 'exec "$@" > /dev/full', 'sh', file, ...args], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'goes on\n' });
});

test('an error is logged without the value that PostgreSQL repeats, and without numbers of people', () => {
  const [file, args] = node(
    say(`const of = message => log.error({ err: new Error(message) }, 'failed');
of('invalid input syntax for type uuid: "a canary"');
of('no such contact +5511987654321');`),
  );
  const written = execFileSync(file, args, { encoding: 'utf8' });
  expect(written).toContain('invalid input syntax for type uuid: ');
  expect(written).toContain('no such contact …');
  expect(written).not.toMatch(/a canary|5511987654321/);
});

test('held lines appear when they are released, from the asked level on, and later ones at once', () => {
  const lines: string[] = [];
  const held = holdOutput({ write: line => void lines.push(JSON.parse(line).msg) });
  const log = openLog('info', undefined, held);
  log.info('opened');
  log.warn('a slow disk');
  expect(lines).toEqual([]);
  held.release(40);
  log.info('later');
  expect(lines).toEqual(['a slow disk', 'later']);
});
