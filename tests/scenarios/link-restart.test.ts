// Links across a restart: the channel is off meanwhile, a backup is restored, the secret key is new, or the phone was
// silent for too long.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { runRecado } from '../setup/command.ts';
import { linkedPhones, patience, webSettings } from '../setup/linked-phones.ts';
import { makeDatabase, secretKey, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
const hour = 60 * minute;

let fake: FakeWhatsApp;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake?.close());

test('while WhatsApp Web is off, a linked account says so; on again, its session returns', async () => {
  const before = await startScenario({ env: webSettings(fake) });
  const { id } = await linkedPhones(before, fake).linked();
  await before.close();
  const { databaseUrl } = before;
  const off = await startScenario({ databaseUrl, env: { ...webSettings(fake), WHATSAPP_WEB: 'off' } });
  const status_reason = 'WhatsApp Web is off (WHATSAPP_WEB=off).';
  expect(await linkedPhones(off, fake).accountOf(id)).toMatchObject({ status: 'disconnected', status_reason });
  await off.close();
  const again = await startScenario({ databaseUrl, env: webSettings(fake) });
  const phones = linkedPhones(again, fake);
  expect((await phones.accountOf(id)).status_reason).not.toBe(status_reason);
  await phones.isState(id, 'connected');
  expect(await phones.accountOf(id)).toMatchObject({ status: 'connected', status_reason: null });
  await again.close();
}, 180_000);

test('a restored backup opens no link until its account is resumed', async () => {
  const original = await startScenario({ env: webSettings(fake) });
  const { id } = await linkedPhones(original, fake).linked();
  const folder = await mkdtemp(join(tmpdir(), 'recado-links-'));
  const file = join(folder, 'links.backup.gz');
  expect(await runRecado(original.env, ['backup', file])).toMatchObject({ code: 0 });
  const databaseUrl = await makeDatabase('empty');
  expect(await runRecado({ ...original.env, DATABASE_URL: databaseUrl }, ['restore', file])).toMatchObject({ code: 0 });
  const restored = await startScenario({ databaseUrl, env: webSettings(fake) });
  const phones = linkedPhones(restored, fake);
  const reason = expect.stringMatching(/comes from a backup.*once you resume the account/);
  expect(await phones.linkOf(id)).toMatchObject({ state: 'reconnecting', reason });
  expect(await phones.accountOf(id)).toMatchObject({ status: 'needs_attention', status_reason: reason });
  await linkedPhones(original, fake).isState(id, 'connected');
  await original.close();
  await restored.api('POST', `/api/v1/accounts/${id}/resume`);
  await phones.isState(id, 'connected');
  expect(await phones.accountOf(id)).toMatchObject({ status: 'connected', status_reason: null });
  await restored.close();
  await rm(folder, { recursive: true, force: true });
}, 180_000);

test('a new SECRET_KEY keeps the link and what it decrypts with, also once the earlier key is gone', async () => {
  const before = await startScenario({ env: webSettings(fake) });
  const { id, phone } = await linkedPhones(before, fake).linked();
  const ana = fake.person('+351937000002', { name: 'Ana' });
  const said: string[] = [];
  const hear = async ({ api }: typeof before, words: string) => {
    await ana.write(phone, words);
    said.unshift(words);
    const heard = async () =>
      (await api('GET', '/api/v1/messages')).body.data.map(({ text }: { text?: { body: string } }) => text?.body);
    await expect.poll(heard, patience).toEqual(said);
  };
  await hear(before, 'Before');
  await before.close();
  const current = { SECRET_KEY: randomBytes(32).toString('base64') };
  const { databaseUrl } = before;
  const next = async (env: Record<string, string>) => {
    const scenario = await startScenario({ databaseUrl, env: { ...webSettings(fake), ...current, ...env } });
    await linkedPhones(scenario, fake).isState(id, 'connected');
    return scenario;
  };
  const earlier = { SECRET_KEY_PREVIOUS: secretKey };
  const within = await next(earlier);
  await hear(within, 'Within');
  // The session goes on to change its keys meanwhile.
  expect(await runRecado({ ...within.env, ...current, ...earlier }, ['secrets', 'rotate'])).toMatchObject({ code: 0 });
  await hear(within, 'Rotated');
  await within.close();
  const after = await next({});
  await hear(after, 'After');
  await after.close();
}, 180_000);

test('a phone that is silent for longer than usual is probed, and connected again if nothing answers', async () => {
  const before = await startScenario({ env: webSettings(fake) });
  const { id, phone } = await linkedPhones(before, fake).linked();
  await before.close();
  const { databaseUrl } = before;
  await haveRhythm(databaseUrl, id);
  const scenario = await startScenario({ databaseUrl, clock: 'manual', env: webSettings(fake) });
  const phones = linkedPhones(scenario, fake);
  const silences = () => phones.eventsOf(id, 'account.silence_detected');
  await phones.isState(id, 'connected');
  scenario.clock.advance(14 * minute);
  scenario.clock.advance(2 * minute);
  await expect.poll(silences, patience).toEqual([{ silent_seconds: 960, usual_seconds: 60, action: 'probed' }]);
  await phones.isState(id, 'connected');
  // The person writes again, and then the network dies without a word.
  await fake.person('+351937000001', { name: 'Ana' }).write(phone, 'Hello?');
  await expect.poll(async () => (await scenario.api('GET', '/api/v1/messages')).body.data.length, patience).toBe(1);
  fake.halfOpen(phone);
  // The pause before the message is usual now.
  scenario.clock.advance(66 * minute);
  await expect
    .poll(async () => (await silences()).map(({ action }) => action), patience)
    .toEqual(['probed', 'reconnected']);
  await phones.isState(id, 'connected');
  await scenario.close();
}, 180_000);

/** Lets a link have known its phone for long: a message a minute. */
async function haveRhythm(connectionString: string, accountId: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const rhythm = { heardAt: Date.now() - hour, longest: Array.from({ length: 24 }, () => minute), pauses: 100 };
  await client.query('update recado.web_session set rhythm = $2 where account_id = $1', [
    toUuid(accountId),
    JSON.stringify(rhythm),
  ]);
  await client.end();
}
