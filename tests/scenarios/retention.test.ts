// Retention where many workspaces have it: each has its turn, and raw webhooks are forgotten whatever they hold.
import { retentionPreviewSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { png } from '../setup/media-files.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const day = 86_400_000;

let scenario: Scenario;
const logged: string[] = [];
beforeAll(async () => {
  scenario = await startScenario({
    clock: 'manual',
    log: openLog('warn', undefined, { write: line => void logged.push(line) }),
  });
  for (let n = 0; n < 4; n++) await scenario.stranger();
  await scenario.sql('update workspace set keep_messages_days = 7');
});
afterAll(() => scenario.close());

/** In each workspace a message of a body, and a raw webhook. */
async function everywhere(body: string): Promise<void> {
  await scenario.sql(
    `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content, status, created_at)
     select gen_random_uuid(), v.workspace_id, v.account_id, v.id, v.contact_id, 'outbound', '+33612990001', 'text', jsonb_build_object('body', $1::text),
       'failed', $2 from conversation v`,
    [body, new Date(scenario.clock.now())],
  );
  await scenario.sql(
    `insert into inbound_payload (app, lane_key, body, received_at, processed_at)
     select 'sandbox', account_id, convert_to($1, 'UTF8'), $2, $2 from conversation`,
    [body, new Date(scenario.clock.now())],
  );
}

const left = async (body: string) => {
  const messages = await scenario.sql<{ id: string }>(
    `select workspace_id as id from message where content ->> 'body' = $1 order by 1`,
    [body],
  );
  const raw = await scenario.sql(`select 1 from inbound_payload where body = convert_to($1, 'UTF8')`, [body]);
  return { messages: messages.map(({ id }) => id), raw: raw.length };
};

test('the fifth workspace has its turn as the first has, and so have raw webhooks', async () => {
  await scenario.send();
  await scenario.settle();
  await everywhere('of all five');
  expect((await left('of all five')).messages).toHaveLength(5);
  await scenario.advance(8 * day);
  expect(await left('of all five')).toEqual({ messages: [], raw: 0 });
});

test('one that cannot be cleared keeps nobody else from it, and is tried again', async () => {
  const [first] = await scenario.sql<{ id: string }>('select min(id::text) as id from workspace');
  await scenario.sql(`create function refuse_deletion() returns trigger language plpgsql as $$
    begin raise exception 'it cannot go' using errcode = '23514'; end $$`);
  await scenario.sql(`create trigger refuse_deletion before delete on message for each row
    when (old.workspace_id = '${first?.id}') execute function refuse_deletion()`);
  await everywhere('but for one');
  await scenario.advance(8 * day);
  expect(await left('but for one')).toEqual({ messages: [first?.id], raw: 0 });
  await scenario.sql('drop trigger refuse_deletion on message');
  await scenario.advance(3_600_000);
  expect((await left('but for one')).messages).toEqual([]);
});

test('webhooks of an app that is not configured any more are told of, stored as a dead letter after 8 days, and then forgotten', async () => {
  await scenario.sql('update workspace set keep_messages_days = null');
  await scenario.sql(
    `insert into inbound_payload (app, lane_key, body, received_at) values ('gone', $1, 'unread', $2)`,
    [toUuid(scenario.account.id), new Date(scenario.clock.now())],
  );
  const told = (text: string) => logged.filter(line => line.includes('"app":"gone"') && line.includes(text)).length;
  await (await scenario.node('api')).close();
  expect(told('stored webhooks are not processed')).toBe(1);
  const raw = () =>
    scenario.sql(`select p.processed_at is null as open, d.reason from inbound_payload p
      left join dead_letter d on d.payload_id = p.id where p.app = 'gone'`);
  await scenario.advance(7 * day);
  expect(await raw()).toEqual([{ open: true, reason: null }]);
  await scenario.advance(2 * day);
  expect(await raw()).toEqual([{ open: false, reason: 'no app of this name is configured: gone' }]);
  expect(told('became dead letters')).toBe(1);
  logged.length = 0;
  await (await scenario.node('api')).close();
  expect(told('stored webhooks are not processed')).toBe(0);
  await scenario.advance(82 * day);
  await scenario.advance(3_600_000);
  expect(await raw()).toEqual([]);
});

test('a preview counts exactly what the next runs delete, and deletes nothing', async () => {
  const { id } = await scenario.send('+33612990002');
  const later = await scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: '+33612990003',
    type: 'text',
    text: { body: 'later' },
    send_at: new Date(scenario.clock.now() + 90 * day).toISOString(),
  });
  expect(later.status).toBe(202);
  await scenario.settle();
  await scenario.advance(10 * day);
  const preview = async (query: string) =>
    retentionPreviewSchema.parse((await scenario.api('GET', `/api/v1/workspace/retention${query}`)).body);
  const nothing = { messages: { count: 0, oldest: null }, media: { count: 0, oldest: null, bytes: 0 } };
  expect(await preview('')).toEqual(nothing);
  expect(await preview('?media_days=1')).toEqual(nothing);
  const { messages } = await preview('?messages_days=9');
  const { created_at: sentAt } = (await scenario.api('GET', `/api/v1/messages/${id}`)).body;
  expect(Date.parse(messages.oldest ?? '')).toBeLessThanOrEqual(Date.parse(sentAt));
  const { id: own } = (await scenario.api('GET', '/api/v1/workspace')).body;
  const count = async () => (await scenario.sql('select 1 from message where workspace_id = $1', [toUuid(own)])).length;
  const before = await count();
  await scenario.api('PATCH', '/api/v1/workspace', { retention: { messages_days: 9 } });
  await expect
    .poll(async () => {
      await scenario.advance(3_600_000);
      return before - (await count());
    })
    .toBe(messages.count);
  expect((await scenario.api('GET', `/api/v1/messages/${id}`)).status).toBe(404);
  expect((await scenario.api('GET', `/api/v1/messages/${later.body.id}`)).status).toBe(200);
  expect(await preview('?messages_days=9')).toEqual(nothing);
  const admin = await join(scenario, 'admin');
  expect((await admin.api('GET', '/api/v1/workspace/retention')).status).toBe(403);
});

test.each(['keep_messages_days', 'keep_media_days'])(
  'a retention (%s) that becomes longer after its list was read deletes by the new one',
  async which => {
    const { id: own } = (await scenario.api('GET', '/api/v1/workspace')).body;
    const set = `update workspace set ${which} = `;
    await scenario.sql('update workspace set keep_messages_days = null, keep_media_days = null');
    await scenario.sql(`${set} 1 where id = $1`, [toUuid(own)]);
    const files: string[] = [];
    for (const days of [3, 10]) {
      const at = new Date(scenario.clock.now() - days * day);
      await everywhere(`of ${days} days, ${which}`);
      await scenario.sql(`update message set created_at = $1 where content ->> 'body' = $2`, [
        at,
        `of ${days} days, ${which}`,
      ]);
      files.push(await uploaded());
      await scenario.sql('update media set created_at = $1 where id = $2', [at, toUuid(files.at(-1) ?? '')]);
    }
    const areThere = async () =>
      which === 'keep_media_days'
        ? Promise.all(files.map(async id => (await scenario.api('GET', `/api/v1/media/${id}`)).status === 200))
        : Promise.all(
            [3, 10].map(async days => (await left(`of ${days} days, ${which}`)).messages.includes(toUuid(own))),
          );
    const change = await holdTransaction(scenario, `${set} 5 where id = $1`, [toUuid(own)]);
    const swept = scenario.advance(3_600_000);
    await expect.poll(() => change.waiting(), { timeout: 20_000 }).toBeGreaterThan(0);
    await change.commit();
    await swept;
    await expect.poll(areThere).toEqual([true, false]);
  },
);

async function uploaded(): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await png())]), 'a.png');
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${scenario.recado.url}/api/v1/media`, { method: 'POST', headers, body: form });
  return ((await answer.json()) as { id: string }).id;
}
