import { EventEmitter } from 'node:events';
import type { BinaryNode } from 'baileys';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepOrder } from './message-order.ts';

const message = (id: string, isOffline: boolean): BinaryNode => ({
  tag: 'message',
  attrs: { id, ...(isOffline && { offline: '0' }) },
});

/** A socket whose library takes some turns for a message, and the messages that it worked off. */
const socket = () => {
  const done: string[] = [];
  const marks: unknown[] = [];
  const ws = Object.assign(new EventEmitter(), { isOpen: true });
  ws.on('CB:message', async ({ attrs }: BinaryNode) => {
    marks.push(attrs.offline);
    for (let turns = attrs.id?.length ?? 0; turns > 0; turns--) await Promise.resolve();
    done.push(attrs.id ?? '');
  });
  return { ws, done, marks };
};
const settled = () => new Promise(resolve => setImmediate(resolve));

test('offline messages go first, and each kind in its order, however they mix', async () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 9 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(ids, fc.infiniteStream(fc.boolean()), async (all, marked) => {
      const { ws, done, marks } = socket();
      const order = keepOrder({ ws });
      const kinds = all.map(id => ({ id, isOffline: marked.next().value === true }));
      for (const { id, isOffline } of kinds) ws.emit('CB:message', message(id, isOffline));
      ws.emit('CB:ib,,offline', { tag: 'ib', attrs: {} });
      ws.emit('CB:message', message('last', false));
      await settled();
      const of = (wanted: boolean) => kinds.filter(({ isOffline }) => isOffline === wanted).map(({ id }) => id);
      expect(done).toEqual([...of(true), ...of(false), 'last']);
      expect(marks.filter(mark => mark !== undefined)).toEqual([]);
      for (const { id, isOffline } of kinds) expect(order.wasOffline(id)).toBe(isOffline);
      order.end();
    }),
  );
});

test('live messages wait for the end of the queue, but not for ever', async () => {
  const { ws, done } = socket();
  const order = keepOrder({ ws, longestMs: 20 });
  ws.emit('CB:success', { tag: 'success', attrs: {} });
  ws.emit('CB:message', message('live', false));
  await settled();
  expect(done).toEqual([]);
  await expect.poll(() => done).toEqual(['live']);
  order.end();
});

test('a closed connection works off nothing more', async () => {
  const { ws, done } = socket();
  keepOrder({ ws });
  ws.isOpen = false;
  ws.emit('CB:message', message('one', true));
  await settled();
  expect(done).toEqual([]);
});
