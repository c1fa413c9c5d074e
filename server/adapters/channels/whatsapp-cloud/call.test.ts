// The class of every unsuccessful response: by Meta's code if there is one, else by the HTTP status.
import { expect, test } from 'vitest';
import { answerOf, refusalOf } from './call.ts';

const answerWith = (httpStatus: number, error?: object) =>
  refusalOf({ httpStatus, contentType: 'text/html', retryAfterMs: undefined, body: error && { error } });

const missing = {
  message:
    "Unsupported post request. Object with ID '1' does not exist, cannot be loaded due to missing permissions, or does not support this operation",
  type: 'GraphMethodException',
};

test.each<[string, object, string]>([
  ['a number that the token may not use', { ...missing, code: 100, error_subcode: 33 }, 'account_error'],
  ['the same by its type alone', { ...missing, code: 100 }, 'account_error'],
  ['the same by its subcode alone', { message: missing.message, code: 100, error_subcode: 33 }, 'account_error'],
  ['a parameter that is wrong', { message: 'Invalid parameter', type: 'OAuthException', code: 100 }, 'rejected'],
  ['one with another subcode', { type: 'OAuthException', code: 100, error_subcode: 2_494_010 }, 'rejected'],
])('%s', (_what, error, outcome) => {
  expect(answerWith(400, error)).toMatchObject({ class: outcome, code: '100' });
});

test('of an object that cannot be loaded, the reason is Meta’s', () => {
  expect(answerWith(400, { ...missing, code: 100, error_subcode: 33 }).title).toBe(missing.message);
});

test.each([1, 2, 131000, 131016])('%i is a refusal for an error of Meta’s own, whatever the HTTP status', code => {
  for (const httpStatus of [400, 401, 429, 500, 503])
    expect(answerWith(httpStatus, { code, message: 'Invalid request or possible server error' })).toMatchObject({
      class: 'unavailable',
      code: String(code),
    });
});

test.each([
  [400, 'rejected'],
  [401, 'account_error'],
  [403, 'rejected'],
  [404, 'rejected'],
  [429, 'throttled'],
  [500, 'unavailable'],
])('a code of which nothing is known, with HTTP %i, is %s', (httpStatus, outcome) => {
  expect(answerWith(httpStatus, { code: 999_999, message: 'New.' })).toMatchObject({ class: outcome, code: '999999' });
});

test('a known code takes precedence over the HTTP status', () => {
  expect(answerWith(429, { code: 190 })).toMatchObject({ class: 'account_error' });
  expect(answerWith(401, { code: 130429 })).toMatchObject({ class: 'throttled' });
});

test.each([
  [302, 'account_error'],
  [304, 'account_error'],
  [400, 'account_error'],
  [401, 'account_error'],
  [403, 'account_error'],
  [404, 'account_error'],
  [407, 'account_error'],
  [408, 'unknown'],
  [413, 'rejected'],
  [429, 'throttled'],
  [451, 'account_error'],
  [500, 'unknown'],
  [502, 'unknown'],
])('HTTP %i without an error of the Graph API is %s', (httpStatus, outcome) => {
  const refusal = answerWith(httpStatus);
  expect(refusal).toMatchObject({ class: outcome, code: `http_${httpStatus}` });
  expect(refusal.title).toContain(`HTTP status ${httpStatus} (text/html)`);
});

test('an error without a code that is a number is none of the Graph API', () => {
  expect(answerWith(400, { message: 'No.', code: 'E1' })).toMatchObject({ class: 'account_error', code: 'http_400' });
});

test('Retry-After is passed on if it is present', () => {
  const answer = { httpStatus: 429, contentType: undefined, retryAfterMs: 7_000 };
  for (const body of [undefined, { error: { code: 999_999 } }])
    expect(refusalOf({ ...answer, body })).toMatchObject({ class: 'throttled', waitMs: 7_000 });
});

test.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'x-business-use-case-usage': '{"1":[{"estimated_time_to_regain_access":19}]}' }, 19 * 60],
  [{ 'x-business-use-case-usage': '{"1":[{"estimated_time_to_regain_access":0}],"2":[{"type":"x"}]}' }, undefined],
  [{ 'x-business-use-case-usage': '{"1":[{"estimated_time_to_regain_access":900}]}' }, 3600],
  [{ 'x-business-use-case-usage': 'not JSON' }, undefined],
  [{ 'x-business-use-case-usage': '{"1":5}', 'retry-after': 'soon' }, undefined],
])('of the headers %j the wait is %s seconds', (headers, seconds) => {
  const { retryAfterMs } = answerOf(400, headers, Buffer.from('{}'));
  expect(retryAfterMs).toBe(seconds === undefined ? undefined : seconds * 1_000);
});

test('a code may say how long to wait', () => {
  expect(answerWith(400, { code: 134101 })).toMatchObject({ class: 'deferred', waitMs: 600_000 });
  expect(answerWith(400, { code: 132069 })).toMatchObject({ class: 'deferred', waitMs: 3_600_000 });
});
