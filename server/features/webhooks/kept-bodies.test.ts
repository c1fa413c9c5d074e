import { expect, test } from 'vitest';
import { type Body, keptBodies } from './kept-bodies.ts';

const body = (id: number, length = 10): Body => ({
  row: {
    xid: '1',
    id,
    workspace_id: 'w',
    type: 'message.sent',
    account_id: null,
    message_id: 'm',
    number: 1,
    data: {},
    at: new Date(0),
  },
  eventId: `evt_${id}`,
  body: 'x'.repeat(length),
  seesNumbers: true,
});

/** A clock of which the test moves the milliseconds. */
function clockAt(ms: number) {
  let now = ms;
  return {
    elapsed: () => now,
    advance: (more: number) => {
      now += more;
    },
  };
}

test('a body is taken once, by its endpoint', () => {
  const bodies = keptBodies(clockAt(0));
  bodies.keep('a', body(1), 0);
  expect(bodies.take('b', 1, 0)).toBeUndefined();
  expect(bodies.take('a', 1, 0)).toMatchObject({ eventId: 'evt_1' });
  expect(bodies.take('a', 1, 0)).toBeUndefined();
});

test('no body of before an erasure is taken, and none that is old', () => {
  const clock = clockAt(0);
  const bodies = keptBodies(clock);
  bodies.keep('a', body(1), 3);
  expect(bodies.take('a', 1, 4)).toBeUndefined();
  bodies.keep('a', body(2), 4);
  clock.advance(5_000);
  expect(bodies.take('a', 2, 4)).toBeUndefined();
});

test('an endpoint is followed while this process keeps up with it', () => {
  const clock = clockAt(0);
  const bodies = keptBodies(clock);
  expect(bodies.isFollowed('a')).toBe(false);
  bodies.follow('a', true);
  expect(bodies.isFollowed('a')).toBe(true);
  bodies.follow('a', false);
  expect(bodies.isFollowed('a')).toBe(false);
  bodies.follow('a', true);
  clock.advance(60_000);
  expect(bodies.isFollowed('a')).toBe(false);
});

test('the store is bounded in number and length, and has room again when bodies are taken or old', () => {
  const clock = clockAt(0);
  const bodies = keptBodies(clock);
  bodies.follow('a', true);
  for (let id = 0; id < 2_000; id++) bodies.keep('a', body(id), 0);
  expect(bodies.isFollowed('a')).toBe(false);
  bodies.keep('a', body(2_000), 0);
  expect(bodies.take('a', 2_000, 0)).toBeUndefined();
  expect(bodies.take('a', 0, 0)).toBeDefined();
  expect(bodies.isFollowed('a')).toBe(true);
  clock.advance(5_000);
  expect(bodies.isFollowed('a')).toBe(true);
  bodies.keep('a', body(3, 16 * 1_024 * 1_024), 0);
  expect(bodies.isFollowed('a')).toBe(false);
  bodies.keep('a', body(4, 1), 0);
  expect(bodies.take('a', 4, 0)).toBeUndefined();
});
