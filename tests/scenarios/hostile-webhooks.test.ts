// Signed webhooks that nobody can apply: each is dead-lettered in few rows, none is tried for ever, and others go on.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openLog } from '../../server/kit/log.ts';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const logged: string[] = [];

let scenario: Scenario;
beforeAll(async () => {
  const log = openLog('warn', undefined, { write: line => void logged.push(line) });
  scenario = await startScenario({ log, clock: 'manual' });
});
afterAll(() => scenario.close());
beforeEach(() => {
  logged.length = 0;
});

const { envelope, inboundOf, path, post, sign } = metaPosts(() => scenario);

const letters = async (query = '') => (await scenario.api('GET', `/api/v1/dead-letters?limit=100${query}`)).body;
const ofLast = () =>
  scenario.sql<{ code: string; reason: string; n: number }>(
    `select code, reason, count(*)::int as n from dead_letter
     where payload_id = (select max(id) from inbound_payload) group by code, reason order by n desc`,
  );
const open = () => scenario.sql('select 1 from inbound_payload where processed_at is null');
const deadLettered = () => logged.filter(line => line.includes('dead-lettered'));
const repeated = (piece: string, times: number) => Array.from({ length: times }, () => piece).join(',');

/** A body with this number of pieces as its entries, or as the items of its only entry. */
function bodyOf(list: string, piece: string, times: number): string {
  const pieces = repeated(piece, times);
  if (list === 'entry') return `{"object":"whatsapp_business_account","entry":[${pieces}]}`;
  if (list === 'changes') return `{"entry":[{"id":"1","changes":[${pieces}]}]}`;
  return JSON.stringify(envelope({ [list]: [] })).replace(`"${list}":[]`, `"${list}":[${pieces}]`);
}

const lists = [
  ['entry', '{}'],
  ['changes', '1'],
  ['messages', '1'],
  ['statuses', '1'],
  ['errors', '1'],
] as const;

describe.each(lists)('a body with many pieces that are no %s', (list, piece) => {
  test('has a hundred dead letters, one with the number of the others, and one line of the log', async () => {
    expect((await post(bodyOf(list, piece, 10_000))).status).toBe(200);
    const rows = await ofLast();
    expect(rows.map(({ n }) => n)).toEqual([100, 1]);
    expect(rows[1]).toMatchObject({
      code: 'more_items',
      reason: '9900 more items of this webhook could not be applied',
    });
    expect(deadLettered()).toHaveLength(1);
    expect(JSON.parse(deadLettered()[0] ?? '')).toMatchObject({ items: 10_000 });
    expect(await open()).toEqual([]);
  });

  test('is one dead letter where it has more than anybody sends', async () => {
    expect((await post(bodyOf(list, piece, 300_000))).status).toBe(200);
    expect(await ofLast()).toEqual([{ code: 'body_too_complex', reason: 'the body has more than 50000 values', n: 1 }]);
    expect(deadLettered()).toHaveLength(1);
    expect(await open()).toEqual([]);
  });
});

test.each<[string, () => string]>([
  ['lists', () => '['.repeat(40_000) + ']'.repeat(40_000)],
  ['objects', () => `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ['lists that do not end', () => '['.repeat(1_000)],
  ['lists of a message', () => bodyOf('messages', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, 1)],
])('deeply nested %s are one dead letter', async (_, make) => {
  expect((await post(make())).status).toBe(200);
  expect(await ofLast()).toMatchObject([{ code: 'body_too_complex', reason: 'the body has more than 50 levels' }]);
});

test('as many updates as Meta puts into one body are applied', async () => {
  const messages = Array.from({ length: 1_000 }, (_, n) => incoming('33600000801', `wamid.of-many-${n}`));
  await post(envelope({ messages }));
  expect((await inboundOf('33600000801')).contact.message_counts.inbound).toBe(1_000);
});

test('the dead letter of a whole body shows it, and a retry dead-letters it once more', async () => {
  const body = bodyOf('entry', '{}', 60_000);
  await post(body);
  const [letter] = (await letters('&error_code=body_too_complex')).data;
  expect(letter).toMatchObject({ account_id: null, item: null, status: 'open' });
  const { webhook } = (await scenario.api('GET', `/api/v1/dead-letters/${letter.id}`)).body;
  expect(webhook.body).toBe(body);
  expect((await scenario.api('POST', `/api/v1/dead-letters/${letter.id}/retry`)).status).toBe(202);
  await scenario.settle();
  expect((await letters('&error_code=body_too_complex')).data[0]).toEqual(letter);
  expect(await open()).toEqual([]);
});

test('a retry of many items leaves the same dead letters, and a discarded one stays discarded', async () => {
  await post(bodyOf('messages', '1', 250));
  const count = async () => (await ofLast()).map(({ n }) => n);
  const [more] = (await letters('&error_code=more_items')).data;
  expect(more).toMatchObject({ account_id: scenario.account.id, item: null });
  expect((await scenario.api('POST', `/api/v1/dead-letters/${more.id}/retry`)).status).toBe(202);
  await scenario.settle();
  expect(await count()).toEqual([100, 1]);
  expect((await letters('&error_code=more_items')).data[0]).toEqual(more);
  const [first] = (await letters('&error_code=item_unreadable')).data;
  await scenario.api('DELETE', `/api/v1/dead-letters/${more.id}`);
  await scenario.api('POST', `/api/v1/dead-letters/${first.id}/retry`);
  await scenario.settle();
  expect((await letters('&error_code=more_items')).data.map(({ id }: { id: string }) => id)).not.toContain(more.id);
});

describe('a payload that fails for a reason that is not in its data', () => {
  // Like a statement that takes too long at every try.
  beforeAll(() =>
    scenario.sql(`create function fail_poison() returns trigger language plpgsql as $$
      begin
        if new.content ->> 'body' like '%poison%' then raise exception 'too long' using errcode = '57014'; end if;
        return new;
      end $$;
      create trigger fail_poison before insert on message for each row execute function fail_poison()`),
  );
  afterAll(() => scenario.sql('drop trigger fail_poison on message'));

  const poison = (id: string) => incoming('33600000810', id, { text: { body: 'poison' } });
  const postOnly = (body: object) => {
    const raw = JSON.stringify(body);
    return scenario.as(undefined)('POST', path, raw, { 'x-hub-signature-256': sign(raw) });
  };
  /** Moves the clock past the pauses between tries until nothing is open. */
  const tried = () =>
    vi.waitFor(async () => {
      scenario.clock.advance(1_000);
      expect(await open()).toEqual([]);
    }, 30_000);

  test('is set aside whole after three tries, and those beside and behind it are applied', async () => {
    const bodies = [
      incoming('33600000811', 'wamid.before'),
      poison('wamid.poison'),
      incoming('33600000812', 'wamid.behind'),
    ];
    await Promise.all(bodies.map(message => postOnly(envelope({ messages: [message] }))));
    await tried();
    for (const phone of ['33600000811', '33600000812']) expect((await inboundOf(phone)).messages).toHaveLength(1);
    const [letter, ...others] = (await letters('&error_code=apply_failed')).data;
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      account_id: scenario.account.id,
      status: 'open',
      item: null,
      error: { title: 'Recado failed 3 times to apply the webhook: error 57014' },
    });
    await vi.waitFor(() => expect(logged.filter(line => line.includes('was dead-lettered'))).toHaveLength(1));
  });

  test('is set aside again after a retry that fails, and applied by one that does not', async () => {
    const [letter] = (await letters('&error_code=apply_failed')).data;
    const retry = () => scenario.api('POST', `/api/v1/dead-letters/${letter.id}/retry`);
    expect((await retry()).status).toBe(202);
    await tried();
    expect((await letters('&error_code=apply_failed')).data).toEqual([letter]);
    await scenario.sql('alter table message disable trigger fail_poison');
    expect((await retry()).status).toBe(202);
    await tried();
    expect((await letters('&error_code=apply_failed')).data).toEqual([]);
    expect((await inboundOf('33600000810')).messages).toHaveLength(1);
    await scenario.sql('alter table message enable trigger fail_poison');
  });
});
