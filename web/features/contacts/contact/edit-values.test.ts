import type { Contact, ContactField } from '@recado/client';
import { expect, test } from 'vitest';
import { bodyOf, startOf } from './edit-values.ts';

const field = (key: string, type: ContactField['type']): ContactField => ({
  id: key,
  key,
  name: key,
  type,
  choices: null,
  position: 1,
  created_at: '',
  updated_at: '',
});
const fields = [field('shop', 'text'), field('no', 'number'), field('mail', 'yes_no'), field('born', 'date')];
const contact = {
  name: 'Ana',
  phone: '+12025550123',
  reference: null,
  language: null,
  fields: { shop: 'Chiado', no: 0, mail: false },
} as unknown as Contact;

test('unchanged values are not sent', () => {
  const start = startOf(contact, fields);
  expect(start).toMatchObject({
    name: 'Ana',
    reference: '',
    'fields.no': '0',
    'fields.mail': 'false',
    'fields.born': '',
  });
  expect(bodyOf({ ...start }, start, fields)).toEqual({});
  expect(bodyOf({ ...start, name: ' Ana ' }, start, fields)).toEqual({});
});

test('values go in their types, and an emptied one goes away', () => {
  const start = startOf(contact, fields);
  const typed = {
    ...start,
    name: ' ',
    language: 'pt_BR',
    ...{ 'fields.shop': '', 'fields.no': ' 20418 ', 'fields.mail': 'true', 'fields.born': '1990-03-14' },
  };
  expect(bodyOf(typed, start, fields)).toEqual({
    name: null,
    language: 'pt_BR',
    fields: { shop: null, no: 20418, mail: true, born: '1990-03-14' },
  });
});
