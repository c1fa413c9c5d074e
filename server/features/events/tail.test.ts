// The tail passes each event once to each subscriber, and announces what this process wrote.
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import type { EventRow, Position } from './event.ts';
import { type LogSource, openTail } from './tail.ts';

const rowOf = (id: number): EventRow => ({
  xid: '1',
  id,
  workspace_id: '',
  type: 'message.queued',
  account_id: null,
  message_id: null,
  number: null,
  data: {},
  at: new Date(id),
});

/** A log in memory that counts the notifications. */
function logInMemory() {
  const log: EventRow[] = [];
  let notified = 0;
  let isAway = false;
  const after = ({ id }: Position) => log.filter(row => row.id > id);
  const source: LogSource = {
    edge: async () => ({ xid: '1', id: log.length }),
    skip: async position => ({
      found: after(position).length > 0,
      edge: { xid: '1', id: log.length },
      pending: false,
    }),
    async read(position, limit) {
      if (isAway) {
        isAway = false;
        throw new Error('the server is gone');
      }
      return { rows: after(position).slice(0, limit), pending: false };
    },
    async notify() {
      notified++;
    },
    async close() {},
  };
  return {
    source,
    write: () => log.push(rowOf(log.length + 1)),
    notified: () => notified,
    /** The next read fails, and the one after it finds a server without the last events. */
    lose(count: number) {
      log.splice(-count);
      isAway = true;
    },
  };
}

const silent = pino({ level: 'silent' });

test('a subscriber that throws keeps no event from the others, and none comes twice', async () => {
  const { source, write } = logInMemory();
  const tail = await openTail(source, silent);
  const seen: number[] = [];
  tail.subscribe(() => {
    throw new Error('broken');
  });
  tail.subscribe(rows => void seen.push(...rows.map(({ id }) => id)));
  write();
  await tail.read();
  write();
  await tail.read();
  expect(seen).toEqual([1, 2]);
  await tail.close();
});

test('an event that is read before its process says so is announced all the same, once', async () => {
  const { source, write, notified } = logInMemory();
  const tail = await openTail(source, silent);
  tail.subscribe(() => {});
  write();
  await tail.read();
  expect(notified()).toBe(0);
  tail.committed();
  await tail.read();
  expect(notified()).toBe(1);
  tail.committed();
  await tail.read();
  expect(notified()).toBe(1);
  await tail.close();
});

test('what another process wrote is not announced again', async () => {
  const { source, write, notified } = logInMemory();
  const tail = await openTail(source, silent);
  write();
  tail.notified();
  await tail.read();
  expect(notified()).toBe(0);
  await tail.close();
});

test('readers that ask while one reads share the next read, and an end reads no more', async () => {
  const { source, write } = logInMemory();
  const reads: (() => void)[] = [];
  const read: LogSource['read'] = async (position, limit) => {
    await new Promise<void>(resolve => reads.push(resolve));
    return source.read(position, limit);
  };
  const tail = await openTail({ ...source, read }, silent);
  const seen: number[] = [];
  tail.subscribe(rows => void seen.push(...rows.map(({ id }) => id)));
  const first = tail.read();
  await vi.waitUntil(() => reads.length === 1);
  const later = [tail.read(), tail.read(), tail.read()];
  reads[0]?.();
  await first;
  await vi.waitUntil(() => reads.length === 2);
  write();
  reads[1]?.();
  // It reads until nothing is left.
  await vi.waitUntil(() => reads.length === 3);
  reads[2]?.();
  await Promise.all(later);
  expect([seen, reads.length]).toEqual([[1], 3]);
  const last = tail.read();
  await vi.waitUntil(() => reads.length === 4);
  const ended = [tail.read(), tail.close()];
  reads[3]?.();
  await Promise.all([last, ...ended]);
  expect(reads).toHaveLength(4);
});

test('a log that comes back without its last events is told, once, and read on from its end', async () => {
  const { source, write, lose } = logInMemory();
  const told: Record<string, unknown>[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void told.push(JSON.parse(line)) });
  const began = Date.now();
  const tail = await openTail(source, log);
  const [seen, lost]: [number[], string[]] = [[], []];
  tail.subscribe(rows => void seen.push(...rows.map(({ id }) => id)));
  tail.onLost(() => void lost.push('lost'));
  for (let n = 0; n < 3; n++) write();
  await tail.read();
  lose(2);
  await expect.poll(() => lost).toEqual(['lost']);
  write();
  await expect.poll(() => seen).toEqual([1, 2, 3, 2]);
  await tail.read();
  expect(lost).toEqual(['lost']);
  const [{ in_doubt_from: from, in_doubt_until: until } = {}] = told;
  expect(told.length).toBe(1);
  expect(from === null || Date.parse(String(from)) >= began).toBe(true);
  expect(Date.parse(String(until))).toBeGreaterThanOrEqual(began);
  await tail.close();
});
