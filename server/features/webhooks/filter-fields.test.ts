import { eventNames, namesOf } from '@recado/contract';
import { expect, test } from 'vitest';
import { unknownFields } from './filter-fields.ts';

const equals = (field: string) => ({ field, equals: 'x' });

test.each([
  'id',
  'data.number',
  'data.message.type',
  'data.message.text.body',
  'data.message.reference',
  'data.message.metadata.campaign',
  'data.message.error.code',
  'data.message.interactive.type',
  'data.details.anything.at.all',
])('%s is a field of a message', field => {
  expect(unknownFields(equals(field), namesOf('message.received'))).toEqual([]);
});

test.each(['data.nope', 'data.message.nope', 'data.message.type.nope', 'data.contact_id'])('%s is none', field => {
  expect(unknownFields(equals(field), namesOf('message.*'))).toEqual(['.field']);
});

test('one type that has the field is enough', () => {
  expect(unknownFields(equals('data.contact_id'), eventNames)).toEqual([]);
});

test('each wrong place is named', () => {
  const filter = { or: [equals('type'), { and: [equals('data.nope'), equals('data.number'), equals('data.no')] }] };
  expect(unknownFields(filter, namesOf('message.*'))).toEqual(['.or[1].and[0].field', '.or[1].and[2].field']);
});
