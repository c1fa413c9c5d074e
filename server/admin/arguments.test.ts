// Command-line arguments: each command has a help page, and unknown arguments get our own error text.
import { describe, expect, test } from 'vitest';
import { readWords } from './arguments.ts';
import { CommandError } from './command-error.ts';

const commands = [
  'backup',
  'restore',
  'check',
  'secrets',
  'media',
  'people',
  'workspaces',
  'web-version',
  'sandbox',
  'psql',
];

const mistakeIn = (...words: string[]): string => {
  try {
    readWords(words);
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
  return '';
};

test.each(commands)('the help of %s is about nothing else', command => {
  for (const word of ['--help', '-h']) {
    const { page = '' } = readWords([command, word]);
    const named = [...page.matchAll(/npx recado ([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set([command]));
  }
});

test('the help of all is that of each', () => {
  for (const command of commands) expect(readWords(['--help']).page).toContain(readWords([command, '-h']).page);
});

describe('a mistake is named, with the page of the command', () => {
  test.each([
    [['backup', '--nope'], 'Unknown option --nope.'],
    [['media', 'check', '-x'], 'Unknown option -x.'],
    [['backup', '--media=yes'], '--media takes no value.'],
    [['media', 'move', '--to'], '--to needs a value.'],
    [['media', 'move', '--to', '--repair'], '--to needs a value.'],
    [['media', 'move'], 'Name the target store with --to.'],
    [['backup', '--to', 's3'], 'Only media move takes --to.'],
    [['restore'], 'Name the backup file.'],
    [['backup', '--prove'], 'Name the backup file.'],
    [['backup', '--prove', '--check', 'x.gz'], 'Use either --check or --prove: a proof checks every byte too.'],
    [['backup', '--resume'], 'Only restore and recovered take --resume.'],
    [['backup', '--json'], 'Only check takes --json.'],
    [['secrets'], 'Use secrets rotate or secrets check.'],
    [['restore', 'a', 'b'], 'Unexpected argument: b.'],
  ])('%j', (words, sentence) => {
    expect(mistakeIn(...words)).toBe(`${sentence}\n\n${readWords([String(words[0]), '--help']).page}`);
  });

  test('a command that is none', () => {
    expect(mistakeIn('dance')).toMatch(/^Unknown command dance\.\n\nnpx recado backup/);
  });
});

test('what is known is read', () => {
  expect(readWords(['backup'])).toEqual({ command: 'backup', place: '.', media: false, check: false, prove: false });
  expect(readWords(['backup', '--check', 'x.gz'])).toEqual({
    command: 'backup',
    place: 'x.gz',
    media: false,
    check: true,
    prove: false,
  });
  expect(readWords(['backup', '--prove', 'x.gz'])).toMatchObject({ place: 'x.gz', check: false, prove: true });
  expect(readWords(['check', '--json'])).toEqual({ command: 'check', json: true });
  expect(readWords(['restore', 'x.gz', '--resume'])).toEqual({ command: 'restore', file: 'x.gz', resume: true });
  expect(readWords(['media', 'move', '--to', 's3'])).toMatchObject({ command: 'media', what: 'move', to: 's3' });
});
