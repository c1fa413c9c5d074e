import { expect, test } from 'vitest';
import { createKeyCache } from './key-cache.ts';

test('it keeps what was used last, within its size', () => {
  const cache = createKeyCache(100);
  cache.set('session', 'a', 'x'.repeat(15));
  cache.set('session', 'b', 'x'.repeat(15));
  cache.set('session', 'c', null);
  expect(cache.get('session', 'a')).toBe('x'.repeat(15));
  for (const id of ['d', 'e', 'f']) cache.set('session', id, 'x'.repeat(15));
  expect(cache.get('session', 'b')).toBeUndefined();
  expect(cache.get('session', 'a')).toBe('x'.repeat(15));
  expect(cache.get('session', 'f')).toBe('x'.repeat(15));
});

test('it knows that a key does not exist', () => {
  const cache = createKeyCache();
  cache.set('lid-mapping', '1', '"2"');
  cache.set('lid-mapping', '1', null);
  expect(cache.get('lid-mapping', '1')).toBeNull();
  expect(cache.get('session', '1')).toBeUndefined();
});

test('a value too large for it is not kept, nor its old value', () => {
  const cache = createKeyCache(100);
  cache.set('session', 'a', 'small');
  cache.set('session', 'a', 'x'.repeat(90));
  expect(cache.get('session', 'a')).toBeUndefined();
});
