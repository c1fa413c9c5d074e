import { expect, test } from 'vitest';
import { asDialled, namesOf } from './phone.ts';

test.each([
  ['+5215512345678', '+525512345678'],
  ['+551187654321', '+5511987654321'],
  ['+559960000000', '+5599960000000'],
  ['+541112345678', '+5491112345678'],
])('WhatsApp names %s also what is dialled as %s', (channel, dialled) => {
  expect(asDialled(channel)).toBe(dialled);
  expect(asDialled(dialled)).toBe(dialled);
  expect(namesOf(dialled)).toEqual([dialled, channel]);
});

test.each([
  ['a Brazilian landline', '+551132654321'],
  ['no area of Brazil', '+551087654321'],
  ['a digit too few', '+55118765432'],
  ['a free number of Argentina', '+548001234567'],
])('%s has one form', (_, number) => {
  expect(asDialled(number)).toBe(number);
  expect(namesOf(number)).toEqual([number]);
});
