// An error text goes when its error is gone, and stays while it is true.
import { expect, test } from 'vitest';
import { errorsAtRest } from './field-errors.ts';

const email = { email: 'Must be an e-mail address.' };
const rejected = { email: 'not-an-email', name: '' };

test('keeps what the server said while its value is the same, and drops it once the value changed', () => {
  const before = { errors: email, watched: new Set(['email']), rejected };
  expect(errorsAtRest(before, { ...rejected, name: 'Kwame' }, {})).toEqual(email);
  expect(errorsAtRest(before, { ...rejected, email: 'kwame@example.com' }, {})).toEqual({});
});

test('a failure of the whole form goes with any change', () => {
  const before = { errors: { form: 'Wrong password.' }, watched: new Set<string>(), rejected };
  expect(errorsAtRest(before, rejected, {})).toEqual({ form: 'Wrong password.' });
  expect(errorsAtRest(before, { ...rejected, name: 'Nora' }, {})).toEqual({});
});

test('checks again only the fields that have had an error, also when the error comes back', () => {
  const missing = { email: 'Fill this in.', name: 'Fill this in.' };
  const before = { errors: missing, watched: new Set(['email']), rejected: undefined };
  expect(errorsAtRest(before, { email: 'k@example.com', name: '' }, { name: missing.name })).toEqual({});
  expect(errorsAtRest({ ...before, errors: {} }, { email: '', name: '' }, missing)).toEqual({ email: missing.email });
});
