// docs/reference/whatsapp-codes.md is generated from the table of codes: `npx vitest run --project rules tests/docs/whatsapp-codes.test.ts -u`.
import { join } from 'node:path';
import { adviceOf, channelCodes } from '@recado/contract';
import { expect, test } from 'vitest';
import { classOf, troubleOf } from '../../server/adapters/channels/whatsapp-cloud/error-codes.ts';

const page = join(import.meta.dirname, '../../docs/reference/whatsapp-codes.md');

const head = `# WhatsApp's error codes

A failed message has the code in \`error.code\`, what WhatsApp said in \`error.title\`, and from this table \`error.who\` and \`error.advice\`. The table is data (\`contract/channel-codes.ts\`), and this page is generated from it.

\`who\`: the program that sends (\`sender\`), the \`operator\` of the account, the \`recipient\`, \`meta\`, or \`nobody\`. The class is what the engine does:

- \`rejected\`: the message is \`failed\`. Recado does not send it again by itself.
- \`throttled\`: the whole account waits, then Recado tries again. \`recipient_throttled\`: only this recipient waits.
- \`deferred\`: only this message waits: 10 minutes or an hour, longer each time.
- \`templates_restricted\`, \`marketing_restricted\`: these messages wait, and Recado tries again each hour. All others leave.
- \`unavailable\`: Meta had an error of its own and took nothing. Recado tries again by \`delivery.retry\`. After five different people in a row the account waits too; one number that always gets it holds nobody else.
- \`account_error\`: the account is \`needs_attention\`. Its queue waits, and Recado tries again after 1, 2, 4, 8, then every 15 minutes.
- \`flagged\`: the account waits until somebody resumes it.
- \`unknown\`: the message may have been accepted. It is \`unknown\` until a receipt, the account's policy or an operator resolves it.

Codes 201 to 299 are as 200. Of another code the HTTP status decides: 429 is \`throttled\`, 401 \`account_error\`, 5xx \`unavailable\`, all others \`rejected\`.

| code | class | who | advice |
| ---- | ----- | --- | ------ |
`;

test('the page of codes is current', async () => {
  const rows = Object.entries(channelCodes).map(
    ([code, { class: kind, who, advice }]) => `| \`${code}\` | \`${kind}\` | ${who} | ${advice} |\n`,
  );
  await expect(`${head}${rows.join('')}`).toMatchFileSnapshot(page);
});

test('each advice is one plain sentence of at most 20 words', () => {
  for (const [code, { advice }] of Object.entries(channelCodes)) {
    expect(advice.replaceAll(/`[^`]*`/g, 'x'), code).toMatch(/^[A-Z][^.]*\.$/);
    expect(advice.split(' ').length, code).toBeLessThanOrEqual(20);
  }
});

test('the class of an answer comes from the code, then from the HTTP status', () => {
  const classed = (code: number, http: number, more = {}) =>
    classOf({ code, subcode: undefined, type: undefined, ...more }, http);
  expect([131049, 131047, 131026, 131050].map(code => classed(code, 400))).toEqual(Array(4).fill('rejected'));
  expect([190, 0, 133010, 205].map(code => classed(code, 401))).toEqual(Array(4).fill('account_error'));
  expect([130429, 131057, 80007, 4].map(code => classed(code, 500))).toEqual(Array(4).fill('throttled'));
  expect(classed(131056, 400)).toBe('recipient_throttled');
  expect([17, 32, 613, 80008].map(code => classed(code, 400))).toEqual(Array(4).fill('throttled'));
  expect([102, 2500].map(code => classed(code, 400))).toEqual(Array(2).fill('account_error'));
  expect([131048, 131064].map(code => classed(code, 400))).toEqual(Array(2).fill('templates_restricted'));
  expect(classed(131063, 400)).toBe('marketing_restricted');
  expect([132069, 134101].map(code => classed(code, 400))).toEqual(Array(2).fill('deferred'));
  expect([2, 131000, 131016].map(code => classed(code, 503))).toEqual(Array(3).fill('unavailable'));
  expect(classed(131031, 400)).toBe('flagged');
  expect(classed(100, 400, { subcode: 33 })).toBe('account_error');
  expect([429, 401, 503, 403].map(http => classed(999_999, http))).toEqual([
    'throttled',
    'account_error',
    'unavailable',
    'rejected',
  ]);
  expect([131042, 131048, 131031, 131026].map(troubleOf)).toEqual([
    'account_error',
    'templates_restricted',
    'flagged',
    undefined,
  ]);
});

test('a code that is not in the table has an advice all the same', () => {
  expect(adviceOf('131050')).toEqual({ who: 'recipient', advice: expect.stringContaining('opt-out') });
  expect(adviceOf('215').who).toBe('operator');
  expect(adviceOf('constructor').advice).toContain('title');
});
