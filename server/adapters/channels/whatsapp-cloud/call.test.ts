// The class of every answer that is no success: by Meta's code where there is one, else by the HTTP status.
import { expect, test } from 'vitest';
import { refusalOf } from './call.ts';

const answerWith = (httpStatus: number, error?: object) =>
  refusalOf({ httpStatus, retryAfterMs: undefined, body: error && { error } });

const missing = {
  message:
    "Unsupported post request. Object with ID '1' does not exist, cannot be loaded due to missing permissions, or does not support this operation",
  type: 'GraphMethodException',
};

test.each<[string, object, string]>([
  ['a number that the token may not use', { ...missing, code: 100, error_subcode: 33 }, 'account'],
  ['the same by its type alone', { ...missing, code: 100 }, 'account'],
  ['the same by its subcode alone', { message: missing.message, code: 100, error_subcode: 33 }, 'account'],
  ['a parameter that is wrong', { message: 'Invalid parameter', type: 'OAuthException', code: 100 }, 'rejected'],
  ['one with another subcode', { type: 'OAuthException', code: 100, error_subcode: 2_494_010 }, 'rejected'],
])('%s', (_what, error, outcome) => {
  expect(answerWith(400, error)).toMatchObject({ class: outcome, code: '100' });
});

test('of an object that cannot be loaded, the reason is Meta’s', () => {
  expect(answerWith(400, { ...missing, code: 100, error_subcode: 33 }).title).toBe(missing.message);
});

test.each([1, 2, 131000, 131016])('%i says by itself that nobody knows, whatever the HTTP status', code => {
  for (const httpStatus of [400, 401, 429, 500, 503])
    expect(answerWith(httpStatus, { code, message: 'Invalid request or possible server error' })).toMatchObject({
      class: 'unknown',
      code: String(code),
    });
});
