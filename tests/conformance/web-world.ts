// WhatsApp Web as a world of the scenarios: a fake WhatsApp that real clients link to.
import { expect } from 'vitest';
import {
  type Owner,
  type Person as PersonAtFake,
  startFakeWhatsApp,
} from '../../channels/whatsapp-web/tests/fake/index.ts';
import { startScenario } from '../setup/scenario.ts';
import type { Person, World } from './world.ts';

export async function openWebWorld(): Promise<World> {
  const fake = await startFakeWhatsApp();
  const nodeEnv = {
    WHATSAPP_WEB_URL: fake.url,
    WHATSAPP_WEB_TYPING: 'off',
    NODE_EXTRA_CA_CERTS: fake.caFile,
  };
  const scenario = await startScenario({ roles: 'api', env: nodeEnv });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await scenario.api(method, `/api/v1/accounts${path}`, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const account = await call('POST', '', {
    name: 'Linked',
    channel: 'web',
    limits: { jitter_ms: 0, new_conversations_per_day: null },
    delivery: { unknown_window_seconds: 1 },
  });
  // The scenarios send more in a minute than a linked number may.
  await scenario.sql(`update account set rate_messages = 1000, rate_seconds = 1, setting_rate_messages = 1000,
    setting_rate_seconds = 1 where channel = 'web'`);
  const owner: Owner = fake.phone('+351910000001', { name: 'Owner' });
  const atFake = new Map<Person, PersonAtFake>();
  const of = (person: Person): PersonAtFake => {
    const found = atFake.get(person);
    if (!found) throw new Error('this person is of another world');
    return found;
  };
  let isLinked = false;
  let people = 0;

  async function link(): Promise<void> {
    await call('POST', `/${account.id}/link`, { method: 'qr', accept_risks: true });
    const qr = async () => (await call('GET', `/${account.id}/link`)).code?.value;
    await expect.poll(qr, { timeout: 30_000 }).toBeTruthy();
    await owner.scan(await qr());
    isLinked = true;
  }

  return {
    scenario,
    accountId: account.id,
    nodeEnv,
    repeats: true,
    roles: 'worker,gateway',
    gapTable: 'inbound_payload',
    async ready() {
      if (!isLinked) await link();
      const state = async () => (await call('GET', `/${account.id}/link`)).state;
      await expect.poll(state, { timeout: 60_000 }).toBe('connected');
      await owner.online(60_000);
    },
    async person() {
      const number = `+35192000${String(1_000 + ++people)}`;
      const phone = fake.person(number, { name: `Person ${people}` });
      const person: Person = {
        number,
        shown: async () => phone.inbox.map(({ text }) => text ?? ''),
        write: async text => {
          await phone.write(owner, text);
        },
        read: async () => phone.read(phone.inbox),
      };
      atFake.set(person, phone);
      return person;
    },
    async keepAnswer(person) {
      const fault = fake.next({ to: person.number, ack: 'lost' });
      return { accepted: fault.met.then(() => {}) };
    },
    idsOf: async person =>
      fake.ledger.entries.filter(({ to, accepted }) => to === of(person).number && accepted).map(({ id }) => id),
    async close() {
      await scenario.close();
      await fake.close();
    },
  };
}
