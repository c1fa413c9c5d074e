import { expect, test } from 'vitest';
import { isKnownFormat } from './inspect.ts';

const bytes = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));

test.each([
  ['a document', '%PDF-1.7\n', true],
  ['an office file', 'PK\x03\x04\x14\x00', true],
  ['a video', '\x00\x00\x00\x18ftypmp42', true],
  ['a text', 'Name;Number\r\nAna;4127', true],
  ['a program of Windows', 'MZ\x90\x00\x03\x00\x00\x00', false],
  ['a program of Linux', '\x7fELF\x02\x01\x01\x00', false],
  ['other bytes', '\x00\x01\x02\xff', false],
])('%s', (_, head, isKnown) => expect(isKnownFormat(bytes(head))).toBe(isKnown));

test('a text may end within a letter', () => {
  expect(isKnownFormat(new TextEncoder().encode('São Paulo é').subarray(0, -1))).toBe(true);
});
