// What Recado could not apply, and the raw webhooks: seen, tried again and discarded by their own workspace only.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let stranger: Scenario['api'];
beforeAll(async () => {
  scenario = await openWorkspace();
  stranger = (await scenario.stranger()).api;
});
afterAll(() => scenario.close());

const { envelope, inboundOf, post } = metaPosts(() => scenario);
const bad = (id: string, more: object = {}) => incoming('33600000700', id, { timestamp: 'never', ...more });

const letters = async (query = '', api = scenario.api) => (await api('GET', `/api/v1/dead-letters${query}`)).body;
const letterOf = async (id: string) =>
  (await letters('?limit=100')).data.find((letter: { item: { id: string } | null }) => letter.item?.id === id);

describe('a dead letter', () => {
  test('is listed and shown with its error, its item, and the webhook as it came', async () => {
    const body = envelope({ messages: [bad('wamid.shown'), incoming('33600000701', 'wamid.beside')] });
    await post(body);
    const letter = await letterOf('wamid.shown');
    expect(letter).toMatchObject({
      account_id: scenario.account.id,
      status: 'open',
      error: { code: 'item_unreadable', title: 'timestamp is not a time' },
      item: { id: 'wamid.shown', from: '33600000700' },
    });
    const { webhook, ...shown } = (await scenario.api('GET', `/api/v1/dead-letters/${letter.id}`)).body;
    expect(shown).toEqual(letter);
    expect(webhook).toMatchObject({ account_id: scenario.account.id, app: 'sandbox', encoding: 'utf-8' });
    expect(webhook.body).toBe(JSON.stringify(body));
    expect(webhook.headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect((await scenario.api('GET', `/api/v1/raw-webhooks/${webhook.id}`)).body).toEqual(webhook);
    const listed = (await scenario.api('GET', '/api/v1/raw-webhooks')).body.data;
    expect(listed.map(({ id }: { id: string }) => id)).toContain(webhook.id);
  });

  test('is found by account, error and time, page by page', async () => {
    for (const n of [1, 2, 3]) await post(envelope({ messages: [bad(`wamid.paged-${n}`)] }));
    await post(envelope({ messages: [], next_parts: [{ id: 'part' }] }));
    const all = await letters(`?account_id=${scenario.account.id}&error_code=item_unreadable`);
    const ids = all.data.map(({ id }: { id: string }) => id);
    expect(all.data.slice(0, 3).map((letter: { item: { id: string } }) => letter.item.id)).toEqual(
      [3, 2, 1].map(n => `wamid.paged-${n}`),
    );
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { data, page } = await letters(`?error_code=item_unreadable&limit=2${cursor && `&cursor=${cursor}`}`);
      walked.push(...data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    }
    expect(walked).toEqual(ids);
    const [part] = (await letters('?error_code=field_unknown')).data;
    expect(part.item).toEqual([{ id: 'part' }]);
    const [, second] = all.data;
    const since = encodeURIComponent(second.received_at);
    const later = (await letters(`?error_code=item_unreadable&from=${since}`)).data;
    expect(later.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect((await letters(`?error_code=item_unreadable&until=${since}`)).data[0].id).toBe(ids[2]);
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Quiet', channel: 'sandbox' })).body;
    expect((await letters(`?account_id=${other.id}`)).page.total).toBe(0);
  });

  test('is tried again as often as anybody likes: it stays the same, and nothing is applied twice', async () => {
    await post(envelope({ messages: [incoming('33600000702', 'wamid.once'), bad('wamid.again')] }));
    const letter = await letterOf('wamid.again');
    for (let n = 0; n < 3; n++) {
      const answer = await scenario.api('POST', `/api/v1/dead-letters/${letter.id}/retry`);
      expect([answer.status, answer.body.status]).toEqual([202, 'retrying']);
      await scenario.recado.engine.idle();
      expect(await letterOf('wamid.again')).toEqual(letter);
    }
    const { contact, messages } = await inboundOf('33600000702');
    expect([messages.length, contact.unread_count, contact.message_counts.inbound]).toEqual([1, 1, 1]);
    const entries = (await scenario.api('GET', '/api/v1/audit?action=dead_letter.retried')).body.data;
    expect(entries[0]).toMatchObject({ actor: { kind: 'person' }, target: { kind: 'dead_letter', id: letter.id } });
    expect(entries).toHaveLength(3);
  });

  test('is discarded once', async () => {
    await post(envelope({ messages: [bad('wamid.discarded')] }));
    const { id } = await letterOf('wamid.discarded');
    expect((await scenario.api('DELETE', `/api/v1/dead-letters/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ['DELETE', ''],
      ['GET', ''],
      ['POST', '/retry'],
    ] as const)
      expect((await scenario.api(method, `/api/v1/dead-letters/${id}${path}`)).body.code).toBe('dead_letter_not_found');
    const [entry] = (await scenario.api('GET', '/api/v1/audit?action=dead_letter.discarded')).body.data;
    expect(entry.target).toEqual({ kind: 'dead_letter', id });
  });

  test('stays discarded when another item of its webhook is tried again', async () => {
    await post(envelope({ messages: [bad('wamid.unwanted'), bad('wamid.wanted')] }));
    const [unwanted, wanted] = [await letterOf('wamid.unwanted'), await letterOf('wamid.wanted')];
    expect((await scenario.api('DELETE', `/api/v1/dead-letters/${unwanted.id}`)).status).toBe(204);
    expect((await scenario.api('POST', `/api/v1/dead-letters/${wanted.id}/retry`)).status).toBe(202);
    await scenario.recado.engine.idle();
    expect(await letterOf('wamid.unwanted')).toBeUndefined();
    expect(await letterOf('wamid.wanted')).toMatchObject({ id: wanted.id, status: 'open' });
    // Nothing of what it said is left.
    expect(await scenario.sql(`select 1 from dead_letter where item->>'id' = 'wamid.unwanted'`)).toEqual([]);
  });

  test('cannot be tried again while a person is being erased', async () => {
    await post(envelope({ messages: [bad('wamid.erasing')] }));
    const { id } = await letterOf('wamid.erasing');
    const { id: contact } = (await scenario.api('POST', '/api/v1/contacts', { name: 'Ana' })).body;
    const [workspace, actor] = [(await scenario.api('GET', '/api/v1/me')).body.workspace.id, toUuid(contact)];
    await scenario.sql(
      `insert into erasure (id, workspace_id, contact_id, contacts, addresses, actor_kind, actor_id, begun_at)
       values (gen_random_uuid(), $1, $2, array[$2]::uuid[], '{+33600000799}', 'person', $2, now())`,
      [toUuid(workspace), actor],
    );
    const retry = async () => await scenario.api('POST', `/api/v1/dead-letters/${id}/retry`);
    expect((await retry()).body).toMatchObject({ status: 409, code: 'dead_letter_not_retryable' });
    await scenario.sql('update erasure set erased_at = now() where contact_id = $1', [actor]);
    expect((await retry()).status).toBe(202);
    await scenario.recado.engine.idle();
  });

  test('whose webhook nobody processes, or was emptied, cannot be tried again', async () => {
    await post(envelope({ messages: [bad('wamid.gone')] }));
    const { id } = await letterOf('wamid.gone');
    const retry = async () => (await scenario.api('POST', `/api/v1/dead-letters/${id}/retry`)).body;
    const change = (to: string) =>
      scenario.sql(
        `update inbound_payload set ${to} where id = (select payload_id from dead_letter where item->>'id' = 'wamid.gone')`,
      );
    await change(`app = 'gone'`);
    expect(await retry()).toMatchObject({ code: 'dead_letter_not_retryable', detail: expect.stringContaining('gone') });
    await change(`app = 'sandbox', body = ''`);
    expect(await retry()).toMatchObject({
      code: 'dead_letter_not_retryable',
      detail: expect.stringContaining('erasure'),
    });
  });
});

test('another workspace, and a key of another account, see none of it', async () => {
  await post(envelope({ messages: [bad('wamid.ours')] }));
  const { id } = await letterOf('wamid.ours');
  const { webhook } = (await scenario.api('GET', `/api/v1/dead-letters/${id}`)).body;
  for (const [method, path] of [
    ['GET', `/dead-letters/${id}`],
    ['POST', `/dead-letters/${id}/retry`],
    ['DELETE', `/dead-letters/${id}`],
    ['GET', `/raw-webhooks/${webhook.id}`],
  ] as const)
    expect([path, (await stranger(method, `/api/v1${path}`)).status]).toEqual([path, 404]);
  expect((await letters('', stranger)).page.total).toBe(0);
  const seen = (await stranger('GET', '/api/v1/raw-webhooks')).text;
  expect(seen).not.toContain(webhook.id);

  const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Limited', channel: 'sandbox' })).body;
  const key = async (account: string) => {
    const scopes = ['inbound.manage'];
    const { body } = await scenario.api('POST', '/api/v1/keys', { name: 'k', scopes, account_ids: [account] });
    return scenario.as(body.key);
  };
  expect((await letters('', await key(other.id))).page.total).toBe(0);
  const mine = await key(scenario.account.id);
  expect((await mine('GET', `/api/v1/dead-letters/${id}`)).body).toMatchObject({ id, webhook: null });
  expect((await mine('GET', `/api/v1/raw-webhooks/${webhook.id}`)).status).toBe(403);
});

test('a webhook about two workspaces is shown to neither, and each has its own dead letter', async () => {
  const theirs = await scenario.another();
  const metadata = { display_phone_number: '1', phone_number_id: theirs.account.phone_number_id };
  await post(envelope({ messages: [bad('wamid.of-us')] }, { metadata, messages: [bad('wamid.of-them')] }));
  const { id } = await letterOf('wamid.of-us');
  expect(await letterOf('wamid.of-them')).toBeUndefined();
  expect((await scenario.api('GET', `/api/v1/dead-letters/${id}`)).body.webhook).toBeNull();
  const [letter] = (await letters('', theirs.api)).data;
  expect(letter.item.id).toBe('wamid.of-them');
  const answer = await theirs.api('POST', `/api/v1/dead-letters/${letter.id}/retry`);
  expect(answer.status).toBe(202);
  await scenario.recado.engine.idle();
  expect(await letterOf('wamid.of-us')).toMatchObject({ id, status: 'open' });
});

test('the only workspace has what names no account, and a retry applies it once the account is known', async () => {
  const alone = await startScenario();
  const { post, envelope } = metaPosts(() => alone);
  const listed = async () => (await alone.api('GET', '/api/v1/dead-letters')).body.data;
  const value = { decision: 'APPROVED' };
  const review = { id: '777', time: 1_764_000_000, changes: [{ field: 'business_status_update', value }] };
  const events = () => alone.sql(`select account_id, data from event where type = 'account.notice_received'`);
  try {
    await post('{"object":');
    await post({ entry: [review] });
    const [notice, unreadable] = await listed();
    expect(unreadable).toMatchObject({ account_id: null, item: null, error: { code: 'body_unreadable' } });
    const { webhook } = (await alone.api('GET', `/api/v1/dead-letters/${unreadable.id}`)).body;
    expect(webhook).toMatchObject({ account_id: null, body: '{"object":' });
    expect(notice).toMatchObject({
      error: { code: 'account_unknown', title: 'no account is of the business: 777' },
      item: { field: 'business_status_update', value },
    });
    const { entry } = envelope({ messages: [incoming('33600000710', 'wamid.of-777')] });
    await post({ entry: entry.map(each => ({ ...each, id: '777' })) });
    expect((await alone.api('POST', `/api/v1/dead-letters/${notice.id}/retry`)).status).toBe(202);
    await alone.recado.engine.idle();
    expect((await listed()).map(({ id }: { id: string }) => id)).toEqual([unreadable.id]);
    await post({ entry: [review] });
    expect(await events()).toMatchObject([{ data: { field: 'business_status_update', business_id: '777', value } }]);
    // As after `recado workspaces remove`: what names no account may be about the removed workspace.
    await alone.sql(
      `insert into audit_entry (workspace_id, at, actor_kind, action) values (gen_random_uuid(), now(), 'system', 'workspace.removed')`,
    );
    await post({ entry: [{ ...review, id: '778' }] });
    expect((await listed()).map(({ id }: { id: string }) => id)).toEqual([unreadable.id]);
  } finally {
    await alone.close();
  }
});
