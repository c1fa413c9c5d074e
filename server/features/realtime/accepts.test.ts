import { expect, test } from 'vitest';
import { accepts } from './accepts.ts';

test.each([
  [undefined, true],
  ['', true],
  ['*/*', true],
  ['text/*', true],
  ['text/event-stream', true],
  ['Text/Event-Stream; charset=utf-8', true],
  ['application/json, text/event-stream;q=0.1', true],
  ['application/json, */*;q=0.5', true],
  ['text/event-stream;q=0, */*', false],
  ['*/*;q=0', false],
  ['text/*;q=0.0, */*', false],
  ['application/json', false],
  ['text/html', false],
])('Accept %s: %s', (header, expected) => {
  expect(accepts(header, 'text/event-stream')).toBe(expected);
});
