// The tail passes each event once to each subscriber, and announces what this process wrote.
import { pino } from 'pino';
import { expect, test } from 'vitest';
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
  const after = ({ id }: Position) => log.filter(row => row.id > id);
  const source: LogSource = {
    edge: async () => ({ xid: '1', id: log.length }),
    hasMore: async position => after(position).length > 0,
    read: async (position, limit) => ({ rows: after(position).slice(0, limit), pending: false }),
    async notify() {
      notified++;
    },
    async close() {},
  };
  return { source, write: () => log.push(rowOf(log.length + 1)), notified: () => notified };
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
