// What somebody types into the palette is an id, a number, or words.
import { expect, test } from 'vitest';
import { idIn, numberIn } from './typed.ts';

test('an id is known by its kind, and only when it is whole', () => {
  expect(idIn('msg_01k9m3q5w8e7taz4x2c6v0b1n8')).toEqual({ kind: 'message', id: 'msg_01k9m3q5w8e7taz4x2c6v0b1n8' });
  expect(idIn('cnv_01k9m3q5w8e7taz4x2c6v0b1n7')?.kind).toBe('conversation');
  for (const text of ['msg_01k9', 'xyz_01k9m3q5w8e7taz4x2c6v0b1n8', 'msg_', 'message'])
    expect(idIn(text)).toBeUndefined();
});

test.each([
  ['+351 912 345 678', '+351912345678'],
  ['00351912345678', '+351912345678'],
  ['+55 (11) 98765-4321', '+5511987654321'],
  ['912345678', undefined],
  ['+12', undefined],
  ['+0351912345678', undefined],
  ['Ana +351912345678', undefined],
])('%s as a number is %s', (text, number) => {
  expect(numberIn(text)).toBe(number);
});
