// Every reserved recipient does what the table says, and the README contains that table.
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createCleanup, makeReceiver, makeSimulator, sendText } from '../test-harness.ts';
import { outcomeFor, outcomeNames, outcomes } from './reserved-recipients.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);

type Name = (typeof outcomeNames)[number];

const numberOf = (name: Name) => `+120255501${outcomes[name].digits}`;
const usual = ['sent', 'delivered', 'read'];

/** The results of calls to one recipient: responses, ledger entries, receipts. */
const play = async (name: Name, times: number) => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
  const answers: unknown[] = [];
  for (let i = 0; i < times; i++) {
    const answer = await sendText(simulator, numberOf(name), 'hi', { biz_opaque_callback_data: 'token' }).catch(
      () => null,
    );
    answers.push(answer === null ? 'cut' : (answer.json?.error?.code ?? answer.status));
  }
  await simulator.webhooksIdle();
  const statuses = receiver.statuses();
  return {
    answers,
    ledger: simulator.ledger.entries().length,
    kinds: statuses.map(each => each.status),
    statuses,
    receiver,
    simulator,
  };
};

test.each<[Name, number, unknown[], number, string[]]>([
  ['rate-limited', 3, [130429, 130429, 200], 1, usual],
  ['pair-rate-limited', 2, [131056, 200], 1, usual],
  ['undeliverable', 1, [200], 1, ['failed']],
  ['media-failed', 1, [200], 1, ['failed']],
  ['spam-failed', 1, [200], 1, ['failed']],
  ['payment-failed', 1, [200], 1, ['failed']],
  ['window-closed', 2, [131047, 131047], 0, []],
  ['token-expired', 2, [190, 200], 1, usual],
  ['server-error', 2, [131000, 131000], 0, []],
  ['answer-lost', 1, ['cut'], 1, usual],
  ['answer-and-receipts-lost', 1, ['cut'], 1, []],
  ['garbage-answer', 1, [200], 1, usual],
  ['never-delivered', 1, [200], 1, ['sent']],
  ['read-first', 1, [200], 1, ['read', 'delivered', 'sent']],
  ['late-statuses', 1, [200], 1, usual],
  ['sent-then-failed', 1, [200], 1, ['sent', 'failed']],
  ['slow-answer', 1, [200], 1, usual],
  ['receipts-before-answer', 1, [200], 1, usual],
  ['dropped', 2, ['cut', 'cut'], 0, []],
  ['temporarily-unavailable', 2, [2, 200], 1, usual],
  ['number-not-shared', 2, [100, 200], 1, usual],
  ['accepted-with-server-error', 1, [131000], 1, usual],
  ['accepted-with-gateway-error', 1, [502], 1, usual],
])('%s', async (name, times, answers, ledger, kinds) => {
  const played = await play(name, times);
  expect([played.answers, played.ledger, played.kinds]).toEqual([answers, ledger, kinds]);
  expect(played.statuses.every(status => status.biz_opaque_callback_data === 'token')).toBe(true);
  expect(played.simulator.calls().at(-1)?.wamid).toBe(played.simulator.ledger.entries().at(-1)?.wamid ?? null);
});

describe('in detail', () => {
  test('failed statuses carry their error', async () => {
    const { statuses } = await play('undeliverable', 1);
    expect(statuses[0]?.errors).toMatchObject([{ code: 131026, title: 'Message undeliverable', error_data: {} }]);
    const { statuses: later } = await play('sent-then-failed', 1);
    expect(later[1]?.errors).toMatchObject([{ code: 131000 }]);
  });

  test('repeated statuses come three times each', async () => {
    const { kinds } = await play('repeated-statuses', 1);
    for (const kind of usual) expect(kinds.filter(each => each === kind)).toHaveLength(3);
    expect(kinds).toHaveLength(9);
  });

  test('late statuses are five seconds late', async () => {
    const { statuses, simulator } = await play('late-statuses', 1);
    const accepted = Date.parse(simulator.ledger.entries()[0]?.at ?? '');
    expect(Number(statuses[0]?.timestamp) * 1000 - accepted).toBeGreaterThanOrEqual(4_000);
  });

  test('a garbage answer is HTML', async () => {
    const simulator = await makeSimulator(cleanup);
    expect((await sendText(simulator, numberOf('garbage-answer'))).text).toContain('<!doctype html>');
  });

  test('receipts before the answer are acknowledged when the answer comes', async () => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    await sendText(simulator, numberOf('receipts-before-answer'));
    expect(receiver.statuses()).toHaveLength(3);
    expect(simulator.pendingWebhooks()).toBe(0);
  });

  test('no answer comes until the caller gives up', async () => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    let answered = false;
    const call = sendText(simulator, numberOf('no-answer')).finally(() => {
      answered = true;
    });
    await receiver.until(() => receiver.statuses().length === 3);
    expect([answered, simulator.ledger.entries().length]).toEqual([false, 1]);
    await Promise.all([expect(call).rejects.toThrow(), simulator.close()]);
  });
});

test('only the reserved range forces anything', () => {
  expect(outcomeFor('12025550110')).toBe('rate-limited');
  expect(outcomeFor('14155550129')).toBe('accepted-with-server-error');
  for (const ordinary of ['12025550100', '12025550199', '12025551110', '442025550110', '5512025550110']) {
    expect(outcomeFor(ordinary)).toBe('accepted');
  }
});

test('the README has the table', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme
    .split('\n')
    .filter(line => line.startsWith('| `+1202555'))
    .map(line =>
      line
        .split('|')
        .map(cell => cell.trim())
        .filter(cell => cell !== ''),
    );
  const expected = outcomeNames
    .filter(name => outcomes[name].digits !== null)
    .map(name => [`\`${numberOf(name)}\``, `\`${name}\``, outcomes[name].does]);
  expect(rows).toEqual(expected);
});
