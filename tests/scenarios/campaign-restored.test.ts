// A backup that is restored in the middle of a campaign: nobody who had a message in it gets another one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { runRecado } from '../setup/command.ts';
import { makeDatabase, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
const [people, aMinute, mostQueued] = [90, 20, 50];
let folder: string;
const open: Scenario[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-campaign-'));
});
afterAll(async () => {
  for (const scenario of open) await scenario.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(databaseUrl?: string): Promise<Scenario> {
  const scenario = await startScenario({ clock: 'manual', oneClock: true, ...(databaseUrl && { databaseUrl }) });
  open.push(scenario);
  return scenario;
}

async function done(scenario: Scenario, method: string, path: string, body?: object): Promise<Json> {
  const answer = await scenario.api(method, `/api/v1/${path}`, body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
}

const show = (scenario: Scenario, id: string): Promise<Json> => done(scenario, 'GET', `campaigns/${id}`);

/** Lets time pass until the campaign is so. */
async function until(
  scenario: Scenario,
  id: string,
  is: (campaign: Json) => boolean | Promise<boolean>,
): Promise<Json> {
  for (let n = 0; n < 60; n++) {
    const campaign = await show(scenario, id);
    if (await is(campaign)) return campaign;
    await scenario.advance(2_000);
  }
  throw new Error(`the campaign is ${JSON.stringify(await show(scenario, id))}`);
}

const reached = (scenario: Scenario) => scenario.simulator.ledger.entries().map(({ to }) => to.replace(/^\+?/, '+'));

test('a campaign in a restored backup waits for a person, and spares all who had a message', async () => {
  const first = await start();
  await done(first, 'PATCH', `accounts/${first.account.id}`, {
    limits: { per_day: null, rate: { messages: aMinute, seconds: 60 } },
  });
  const contactIds: string[] = [];
  for (let n = 0; n < people; n++)
    contactIds.push((await done(first, 'POST', 'contacts', { phone: `+3519155${String(10_000 + n)}` })).id);
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const { id } = await done(first, 'POST', 'campaigns', {
    name: 'Winter books',
    account_ids: [first.account.id],
    variants: [{ share: 100, message: { type: 'template', template } }],
    include: [{ contact_ids: contactIds }],
  });
  await done(first, 'POST', `campaigns/${id}/start`, {});
  // The queue has been filled again after the first minute's messages left.
  const fed = () =>
    first.sql('select 1 from campaign_recipient where campaign_id = $1 and message_id is not null', [toUuid(id)]);
  await until(
    first,
    id,
    async ({ counts }) => counts?.sent === aMinute && (await fed()).length === aMinute + mostQueued,
  );
  const known = new Set(reached(first));
  expect(known.size).toBe(aMinute);

  const file = join(folder, 'in-the-middle.backup.gz');
  const settings = (url: string) => ({ DATABASE_URL: url, SECRET_KEY: secretKey });
  const made = await runRecado(settings(first.databaseUrl), ['backup', file]);
  expect({ code: made.code, err: made.err }).toMatchObject({ code: 0 });
  // The backup does not know who gets it from here on.
  await first.advance(61_000);
  await until(first, id, ({ counts }) => counts.sent > aMinute);
  const url = await makeDatabase('empty');
  const restored = await runRecado(settings(url), ['restore', file]);
  expect({ code: restored.code, err: restored.err }).toMatchObject({ code: 0 });

  const second = await start(url);
  await second.advance(first.clock.now() - second.clock.now());
  const pending = await second.sql<{ phone: string }>(
    `select a.value as phone from campaign_recipient r join contact_address a on a.contact_id = r.contact_id
      where r.campaign_id = $1 and r.state = 'pending' and r.message_id is null`,
    [toUuid(id)],
  );
  expect(pending).toHaveLength(people - aMinute - mostQueued);
  for (let n = 0; n < 5; n++) await second.advance(61_000);
  const held = await show(second, id);
  expect(held).toMatchObject({
    state: 'held',
    reason: { code: 'restored' },
    counts: { people, sent: aMinute, unknown: mostQueued, waiting: pending.length },
  });
  expect(reached(second)).toEqual([]);

  // Those whose message was queued then may have had it: they stay unknown until a person decides.
  await done(second, 'POST', `campaigns/${id}/resume`, {});
  await until(second, id, ({ counts }) => counts.waiting === 0);
  expect(reached(second).sort()).toEqual(pending.map(({ phone }) => phone).sort());
  const { data } = await done(second, 'GET', 'messages?status=unknown&limit=100');
  expect(data).toHaveLength(mostQueued);
  for (const message of data)
    await done(second, 'POST', `messages/${message.id}/resolve`, { resolution: 'sent', reason: 'WhatsApp shows it' });
  const ended = await until(second, id, ({ state }) => state === 'done');
  expect(ended.counts).toMatchObject({ people, sent: people, waiting: 0, unknown: 0 });
  expect(reached(second)).toHaveLength(pending.length);
});
