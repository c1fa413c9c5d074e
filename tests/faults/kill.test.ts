// kill -9 while 300 messages are in flight (1,000 with TEST_ALL=1): whatever was accepted has an outcome, and nobody got anything twice.
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { isWhole } from '../setup/rotation.ts';
import { until } from './processes.ts';
import { type Program, prepareProgram } from './program.ts';

let program: Program;
let accountId: string;
const callsAbreast = 10;
const count = isWhole ? 1_000 : 300;
const sent = new Map<string, string>();

beforeAll(async () => {
  program = await prepareProgram({}, 'makes the database');
  await program.start();
  const [account] = (await program.call('GET', '/api/v1/accounts')).body.data;
  accountId = account.id;
  await program.call('PATCH', `/api/v1/accounts/${accountId}`, {
    limits: { rate: { messages: 100_000, seconds: 1 }, per_day: null, concurrency: callsAbreast },
  });
});
afterAll(() => program.close());

const post = async (to: string) => {
  const answer = await program.call(
    'POST',
    '/api/v1/messages',
    { account_id: accountId, to, type: 'text', text: { body: `to ${to}` } },
    { 'idempotency-key': to },
  );
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status}`);
  sent.set(to, answer.body.id);
};

test.each([
  ['the server alone', 'server', 1],
  ['its whole group', 'group', 2],
  ['its group and the database', 'everything', 3],
] as const)('%s is killed', async (_name, what, series) => {
  const numbers = Array.from({ length: count }, (_, n) => `+336${series}${String(1_000_000 + n)}`);
  let accepted = 0;
  const posting = numbers.map(async number => {
    await post(number);
    accepted++;
    if (accepted === count * 0.7) await program.kill(what);
  });
  await Promise.allSettled(posting);
  expect(accepted).toBeGreaterThanOrEqual(count * 0.7);
  await program.start();
  // Requests without a response are retried with the same key, as the guide says.
  for (const number of numbers) if (!sent.has(number)) await post(number);

  await until('every message has left', 100, async () => {
    const open = await program.call('GET', '/api/v1/messages?status=queued,sending&limit=1');
    return open.body.page.total === 0;
  });
  const ledger = await program.ledger();
  const calls = new Map<string, number>();
  for (const { to } of ledger) calls.set(`+${to}`, (calls.get(`+${to}`) ?? 0) + 1);
  // All receipts arrive in the end, so the remaining unknown messages never reached the channel.
  await until('every receipt is in', 100, async () => {
    const waiting = await statusesOf(numbers);
    return numbers.every(number => !calls.has(number) || ['delivered', 'read'].includes(waiting.get(number) ?? ''));
  });
  const statuses = await statusesOf(numbers);
  const stats = {
    accepted: numbers.length,
    lost: numbers.filter(number => !statuses.has(number) || ['queued', 'sending'].includes(statuses.get(number) ?? ''))
      .length,
    duplicated: numbers.filter(number => (calls.get(number) ?? 0) > 1).length,
    unexpected: [...calls.keys()].filter(number => !sent.has(number)).length,
    lied: numbers.filter(
      number =>
        calls.has(number) !== ['sent', 'delivered', 'read'].includes(statuses.get(number) ?? '') &&
        statuses.get(number) !== 'unknown',
    ).length,
    uncalled: numbers.filter(
      number => !calls.has(number) && ['failed', 'cancelled', 'expired'].includes(statuses.get(number) ?? ''),
    ).length,
    unknown: numbers.filter(number => statuses.get(number) === 'unknown').length,
  };
  console.info(
    Object.entries(stats)
      .map(([name, count]) => `${name} ${count}`)
      .join(' '),
  );
  expect(stats).toMatchObject({ accepted: count, lost: 0, duplicated: 0, unexpected: 0, lied: 0, uncalled: 0 });
  // Nothing was dropped, so these calls were in flight at the kill.
  expect(stats.unknown).toBeLessThanOrEqual(callsAbreast);
});

test('files that it fetched are begun again at the start', async () => {
  const [account] = (await program.call('GET', '/api/v1/accounts')).body.data;
  const query = new URLSearchParams({ to: account.phone_number_id, type: 'image', mime_type: 'image/png' });
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  await fetch(`${program.simulatorUrl()}/phones/${encodeURIComponent('+33613000001')}/media?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  await until('the file came or failed', 60, () => ask(`select 1 from media where status <> 'pending'`));
  await program.kill('server');
  // The state of files in progress; what the simulator has of the file does not matter.
  await ask(
    `update media set status = 'pending', attempts = 1, due_at = now(), lease_until = now() + interval '175 s'`,
  );
  await program.start();
  await until('it is begun again', 60, () => ask('select 1 from media where attempts > 1'));
});

/** Queries the database directly; returns whether it found rows. */
async function ask(text: string): Promise<boolean> {
  const host = join(program.dataDir, 'postgres-socket');
  const options = `-c search_path=${searchPath}`;
  const database = new pg.Client({ host, user: 'recado', database: 'recado', options });
  database.on('error', () => {});
  await database.connect();
  try {
    return (await database.query(text)).rows.length > 0;
  } finally {
    await database.end();
  }
}

test('and it stops in order afterwards', async () => {
  expect(await program.stop()).toBe(0);
});

async function statusesOf(numbers: string[]): Promise<Map<string, string>> {
  const byNumber = new Map<string, string>();
  const wanted = new Set(numbers);
  let cursor = '';
  do {
    const { body } = await program.call('GET', `/api/v1/messages?limit=100${cursor && `&cursor=${cursor}`}`);
    for (const message of body.data) if (wanted.has(message.to)) byNumber.set(message.to, message.status);
    cursor = body.page.next_cursor ?? '';
  } while (cursor && byNumber.size < numbers.length);
  return byNumber;
}
