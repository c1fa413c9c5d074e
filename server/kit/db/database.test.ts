import { expect, test } from 'vitest';
import { isUnanswered, isUnavailable, patiently } from './database.ts';

/** Fails this many times with this code before it succeeds. */
function failing(times: number, code: string) {
  let calls = 0;
  const work = async () => {
    if (++calls <= times) throw Object.assign(new Error('no'), { code });
    return 'done';
  };
  return { work, calls: () => calls };
}

/** Records pauses instead of waiting. */
function noting() {
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
  };
  return { pauses, pause };
}

test('a deadlock is repeated after pauses that grow, five times in all', async () => {
  const { pauses, pause } = noting();
  expect(await patiently(failing(4, '40P01').work, pause)).toBe('done');
  expect(pauses).toEqual([20, 40, 80, 160]);
  const lasting = failing(9, '40001');
  await expect(patiently(lasting.work, pause)).rejects.toMatchObject({ code: '40001' });
  expect(lasting.calls()).toBe(5);
});

test('nothing else is repeated', async () => {
  const { pauses, pause } = noting();
  const other = failing(1, '23505');
  await expect(patiently(other.work, pause)).rejects.toMatchObject({ code: '23505' });
  expect([other.calls(), pauses]).toEqual([1, []]);
});

test('a connection that was lost before a statement was written is unavailable, and its statement did not run', () => {
  const lost = Object.assign(new Error('Cannot call write after a stream was destroyed'), {
    code: 'ERR_STREAM_DESTROYED',
  });
  expect([isUnavailable(lost), isUnanswered(lost)]).toEqual([true, false]);
});
