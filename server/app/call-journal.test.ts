import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { earlierCalls, openCallJournal } from './call-journal.ts';

const silent = pino({ level: 'silent' });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recado-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what was begun is there for the process that follows', () => {
  const journal = openCallJournal(folder, 'boot 1', 'runner 1', silent);
  journal.begin('token a');
  journal.begin('token b');
  journal.end('token a');
  // Not closed: a killed process closes nothing.
  expect(earlierCalls(folder, 'boot 1')).toEqual({ runner: 'runner 1', begun: ['token a', 'token b'] });
  openCallJournal(folder, 'boot 1', 'runner 2', silent).close();
  expect(earlierCalls(folder, 'boot 1')).toEqual({ runner: 'runner 2', begun: [] });
});

test('it proves nothing after a new start of the machine, or where it is missing or damaged', () => {
  expect(earlierCalls(folder, 'boot 1')).toBeUndefined();
  openCallJournal(folder, 'boot 1', 'runner 1', silent).close();
  expect(earlierCalls(folder, 'boot 2')).toBeUndefined();
  expect(earlierCalls(folder, undefined)).toBeUndefined();
  for (const damaged of ['', '{"boot":"boot 1"', '{"boot":"boot 1"}\ntoken a\n', 'token a\n']) {
    writeFileSync(join(folder, 'calls.journal'), damaged);
    expect(earlierCalls(folder, 'boot 1')).toBeUndefined();
  }
});

const calls = Array.from({ length: 100_000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
const sizeOf = () => statSync(join(folder, 'calls.journal')).size;

test('it stays small though there is always a call open, and keeps each that is', () => {
  const journal = openCallJournal(folder, 'boot 1', 'runner 1', silent);
  journal.begin('never over');
  let largest = 0;
  calls.forEach((token, n) => {
    journal.begin(token);
    if (n > 0) journal.end(calls[n - 1] ?? '');
    if (n % 1_000 === 0) largest = Math.max(largest, sizeOf());
  });
  expect(largest).toBeLessThan(1_100_000);
  expect(earlierCalls(folder, 'boot 1')?.begun).toEqual(expect.arrayContaining(['never over', calls.at(-1)]));
});

test('it has all calls that are open, however many', () => {
  const journal = openCallJournal(folder, 'boot 1', 'runner 1', silent);
  for (const token of calls) journal.begin(token);
  expect(earlierCalls(folder, 'boot 1')?.begun).toEqual(calls);
  for (const token of calls) journal.end(token);
  for (const token of calls) {
    journal.begin(token);
    journal.end(token);
  }
  expect(sizeOf()).toBeLessThan(10_000_000);
});

test('once it cannot be written it is taken away, so that its gaps prove nothing', () => {
  const full = openCallJournal(folder, 'boot 1', 'runner 2', silent);
  // A token that cannot be written stands in for a full disk.
  full.begin(Symbol('full') as unknown as string);
  expect(earlierCalls(folder, 'boot 1')).toBeUndefined();
  full.begin('goes on');
  full.end('goes on');
  expect(() => readFileSync(join(folder, 'calls.journal'))).toThrow();
});
