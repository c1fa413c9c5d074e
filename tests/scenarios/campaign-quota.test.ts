// A campaign on a linked phone: people who never wrote get it within WhatsApp's own quota only.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type FakeWhatsApp,
  type Owner,
  type Person,
  startFakeWhatsApp,
} from '../../channels/whatsapp-web/tests/fake/index.ts';
import { type LinkedPhones, linkedPhones, patience, webSettings } from '../setup/linked-phones.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const minute = 60_000;
const hour = 3_600_000;

let fake: FakeWhatsApp;
let scenario: Scenario;
let phones: LinkedPhones;
let account: { id: string; phone: Owner };
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  scenario = await startScenario({ clock: 'manual', env: { ...webSettings(fake), NODE_EXTRA_CA_CERTS: fake.caFile } });
  phones = linkedPhones(scenario, fake);
}, 60_000);
afterAll(async () => {
  await scenario?.close();
  await fake?.close();
});

/** An answer that must be good. */
async function done(method: string, path: string, body?: object): Promise<Json> {
  const answer = await scenario.api(method, `/api/v1/${path}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
const someone = (name: string) => fake.person(phones.nextNumber(), { name });
const contactOf = async ({ number }: Person): Promise<string | undefined> =>
  (await done('GET', `contacts?phone=${encodeURIComponent(number)}`)).data[0]?.id;
const quota = async () => (await phones.accountOf(account.id)).new_chats;

/** Gives the phone a quota, and waits until the account has it. */
async function limitNewChats(total: number, inMs: number): Promise<void> {
  const until = Math.floor((scenario.clock.now() + inMs) / second);
  fake.limitNewChats(account.phone, { total, until });
  await expect.poll(quota, patience).toEqual({ left: total, resets_at: new Date(until * second).toISOString() });
}

/** How many of these people have it; each has it once. */
function reached(people: readonly Person[]): number {
  const times = people.map(({ number }) => fake.ledger.acceptedFor(number).length);
  expect(Math.max(...times)).toBeLessThanOrEqual(1);
  return times.filter(n => n === 1).length;
}

test('people who never wrote wait for the next quota of WhatsApp, and all others get it', async () => {
  account = await phones.linked();
  // The test waits for no gap between messages.
  await done('PATCH', `accounts/${account.id}`, { limits: { jitter_ms: 0, warm_up: null } });
  const [strangers, friends] = [['Ana', 'Bo', 'Cy', 'Di'].map(someone), ['Eva', 'Flo'].map(someone)];
  for (const { number } of strangers) await done('POST', 'contacts', { phone: number });
  for (const friend of friends) {
    await friend.write(account.phone, 'Hi');
    await expect.poll(() => contactOf(friend), patience).toBeTypeOf('string');
  }
  await limitNewChats(2, hour);
  const contactIds = await Promise.all([...strangers, ...friends].map(contactOf));
  const { id } = await done('POST', 'campaigns', {
    name: 'News',
    account_ids: [account.id],
    variants: [{ share: 100, message: { type: 'text', text: { body: 'News' } } }],
    include: [{ contact_ids: contactIds }],
  });
  expect((await done('POST', `campaigns/${id}/check`)).new_conversations).toMatchObject([
    { people: 6, strangers: 4, new_chats: { left: 2 } },
  ]);
  await done('POST', `campaigns/${id}/start`, {});
  const counts = async () => (await done('GET', `campaigns/${id}`)).counts;
  const sentAfter = async (ms: number) => {
    await scenario.advance(ms);
    return (await counts())?.sent;
  };
  await expect.poll(() => sentAfter(2 * second), patience).toBe(4);
  expect(await quota()).toMatchObject({ left: 0 });
  for (let n = 0; n < 10; n++) await scenario.advance(minute);
  expect([reached(strangers), reached(friends)]).toEqual([2, 2]);
  expect(await done('GET', `campaigns/${id}`)).toMatchObject({ state: 'running', counts: { sent: 4, waiting: 2 } });
  // WhatsApp refused nobody: Recado asked for no chat beyond the quota.
  expect(fake.ledger.entries.filter(({ accepted }) => !accepted)).toEqual([]);

  await limitNewChats(5, 24 * hour);
  await scenario.advance(hour);
  const stateAfter = async (ms: number) => {
    await scenario.advance(ms);
    return (await done('GET', `campaigns/${id}`)).state;
  };
  await expect.poll(() => stateAfter(10 * second), patience).toBe('done');
  expect([reached(strangers), reached(friends)]).toEqual([4, 2]);
  expect(await quota()).toMatchObject({ left: 3 });
});
