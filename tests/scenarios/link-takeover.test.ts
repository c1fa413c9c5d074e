// Gateways of WhatsApp Web: one that is killed loses its sessions to another, one that stops gives them back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type Actor, end, launchNode } from '../faults/processes.ts';
import {
  type LinkedPhones,
  linkedPhones,
  patience,
  sessionProcesses,
  startPatience,
  webSettings,
} from '../setup/linked-phones.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let fake: FakeWhatsApp;
let scenario: Scenario;
let phones: LinkedPhones;
const gateways: Actor[] = [];

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  scenario = await startScenario({ roles: 'api,worker', env: webSettings(fake) });
  phones = linkedPhones(scenario, fake);
});
afterAll(async () => {
  for (const gateway of gateways) await end(gateway, 'process');
  await scenario?.close();
  await fake?.close();
});

function startGateway(): Actor {
  const gateway = launchNode('server/dist/app/main.js', '/', { ...scenario.env, ROLES: 'gateway', LOG_LEVEL: 'warn' });
  gateways.push(gateway);
  return gateway;
}

/** Who has the session, and which process runs the lanes of the account. */
async function heldBy(id: string): Promise<{ holder: string | null; route: string; fence: number }> {
  const [row] = await scenario.sql<{ holder: string | null; route: string; fence: string }>(
    'select s.holder, s.fence, a.route from web_session s join account a on a.id = s.account_id where a.id = $1',
    [toUuid(id)],
  );
  return { holder: row?.holder ?? null, route: row?.route ?? '', fence: Number(row?.fence) };
}

test('without a gateway nothing is linked', async () => {
  const id = await phones.makeAccount();
  const answer = await phones.startLink(id);
  expect([answer.status, answer.body.code]).toEqual([503, 'no_gateway']);
});

test('a gateway that is killed loses its sessions to another; one that stops gives them back', async () => {
  const first = startGateway();
  const id = await phones.makeAccount();
  await expect.poll(async () => (await phones.startLink(id)).status, startPatience).toBe(202);
  const phone = fake.phone(phones.nextNumber(), { name: 'Owner' });
  await phone.scan((await phones.codeOf(id)).value);
  await phones.isState(id, 'connected', startPatience);
  const before = await heldBy(id);
  expect(before.route).toBe(`web:${before.holder}`);
  const orphans = await sessionProcesses(first.pid);
  expect(orphans).toHaveLength(1);

  const second = startGateway();
  await end(first, 'process');
  const isElsewhere = ({ holder, route }: { holder: string | null; route: string }) =>
    holder !== before.holder && route === `web:${holder}`;
  await expect.poll(async () => isElsewhere(await heldBy(id)), startPatience).toBe(true);
  await phones.isState(id, 'connected', startPatience);
  expect((await heldBy(id)).fence).toBeGreaterThan(before.fence);
  expect(phone.companions).toHaveLength(1);
  expect(fake.connections).toBe(1);
  const states = async () => (await phones.eventsOf(id, 'account.link_changed')).map(({ state }) => state);
  expect((await states()).slice(2)).toEqual(['reconnecting', 'connected']);

  // In order: it says so, and nobody has to wait for its lease.
  second.signal('SIGTERM');
  await expect.poll(async () => (await heldBy(id)).route, patience).toBe('web');
  expect(await phones.linkOf(id)).toMatchObject({ state: 'reconnecting' });
  startGateway();
  await phones.isState(id, 'connected', startPatience);
  expect(phone.companions).toHaveLength(1);
}, 300_000);

test('a gateway shows the typing that another process was asked for', async () => {
  startGateway();
  const id = await phones.makeAccount();
  await expect.poll(async () => (await phones.startLink(id)).status, startPatience).toBe(202);
  const phone = fake.phone(phones.nextNumber(), { name: 'Owner' });
  await phone.scan((await phones.codeOf(id)).value);
  await phones.isState(id, 'connected', startPatience);
  const ana = fake.person(phones.nextNumber(), { name: 'Ana' });
  const message = await ana.write(phone, 'Are you there?');
  const conversations = async () => (await scenario.api('GET', `/api/v1/conversations?account_id=${id}`)).body.data;
  await expect.poll(async () => (await conversations()).length, patience).toBe(1);
  const [conversation] = await conversations();
  expect((await scenario.api('POST', `/api/v1/conversations/${conversation.id}/typing`)).status).toBe(204);
  await ana.receipt(message, 'read');
  await fake.log.sent(({ tag, parts }) => tag === 'chatstate' && parts.includes('composing'));
}, 300_000);
