import { expect, test } from 'vitest';
import { errorText, redact } from './redact.ts';

test('a text of a dependency is logged without numbers and keys', () => {
  expect(redact('no session for 4915112345678@s.whatsapp.net')).toBe('no session for …@s.whatsapp.net');
  expect(redact(`rootKey ${Buffer.alloc(32, 7).toString('base64')}`)).toBe('rootKey …');
  expect(redact(`privKey ${Buffer.alloc(32, 7).toString('hex')}`)).toBe('privKey …');
  expect(redact('x y '.repeat(200))).toHaveLength(300);
});

test('an error is logged by its message', () => {
  expect(errorText(new Error('Connection Closed'))).toBe('Connection Closed');
  expect(errorText(1006)).toBe('1006');
});
