// Shown rows stay in their place, whatever was read.
import type { Message } from '@recado/client';
import { expect, test } from 'vitest';
import { merge } from './held-rows.ts';

const message = (n: number, more: Partial<Message> = {}) =>
  ({ id: `m${n}`, created_at: `2026-11-27T10:00:0${n}.000Z`, status: 'failed', ...more }) as Message;
const rows = (...numbers: number[]) => numbers.map(n => ({ message: message(n), hasLeft: false }));
const shown = (list: ReturnType<typeof merge>) => list.map(row => `${row.message.id}${row.hasLeft ? ' left' : ''}`);

test('what is new does not move what is shown', () => {
  expect(shown(merge(rows(3, 2, 1), [message(5), message(3), message(2), message(1)], true))).toEqual([
    'm3',
    'm2',
    'm1',
  ]);
});

test('what has left stays, marked; a change is shown in place', () => {
  const merged = merge(rows(3, 2, 1), [message(3, { status: 'queued' }), message(1)], true);
  expect(shown(merged)).toEqual(['m3', 'm2 left', 'm1']);
  expect(merged[0]?.message.status).toBe('queued');
});

test('what lies beyond the pages that were read is not taken for gone; older ones follow', () => {
  expect(shown(merge(rows(5, 4, 3, 2), [message(6), message(5), message(4)], false))).toEqual(['m5', 'm4', 'm3', 'm2']);
  expect(shown(merge(rows(5, 4), [message(5), message(4), message(3)], false))).toEqual(['m5', 'm4', 'm3']);
});
