// Opt-outs: refused on every way to send, told by people and by WhatsApp, and kept beyond the contact.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const hour = 3_600_000;

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let account: Json;
let numbers = 0;
const number = () => `+33621${String(100_000 + ++numbers)}`;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  const body = { name: 'Opt-outs', channel: 'sandbox', limits: { per_day: null } };
  account = (await scenario.api('POST', '/api/v1/accounts', body)).body;
});

const call = (method: string, path: string, body?: object, headers?: Record<string, string>) =>
  scenario.api(method, `/api/v1/${path}`, body, headers);
const textTo = (to: string, more: object = {}) => ({
  account_id: account.id,
  to,
  type: 'text',
  text: { body: 'hello' },
  ...more,
});
const send = (to: string, more?: object) => call('POST', 'messages', textTo(to, more));
const optOut = (to: string, more: object = {}) =>
  call('POST', 'opt-outs', { to, reason: 'Asked on the phone.', ...more });
const at = (ms: number) => new Date(scenario.clock.now() + ms).toISOString();
const statusOf = async (id: string) => (await scenario.message(id)).status;
const contactOf = async (to: string) => (await call('GET', `contacts?phone=${encodeURIComponent(to)}`)).body.data[0];

describe('the list', () => {
  test('an opt-out is added once, shown on the contact, found by filters, and removed with a reason', async () => {
    const to = number();
    const made = await optOut(to, { category: 'marketing' });
    expect(made).toMatchObject({
      status: 201,
      body: { phone: to, category: 'marketing', reason: 'Asked on the phone.', source: 'person' },
    });
    expect((await optOut(to, { category: 'marketing', reason: 'Again.' })).body).toEqual(made.body);
    const contact = await contactOf(to);
    expect(contact).toMatchObject({ id: made.body.contact_id, opted_out: 'marketing' });
    await call('POST', 'opt-outs', { contact_id: contact.id, reason: 'Wants nothing.' });
    expect((await contactOf(to)).opted_out).toBe('all');
    const list = (await call('GET', `opt-outs?contact_id=${contact.id}&category=marketing`)).body;
    expect(list).toMatchObject({ data: [made.body], page: { total: 1 } });
    const { id } = made.body;
    expect((await call('DELETE', `opt-outs/${id}`, {})).body).toMatchObject({ errors: [{ field: 'reason' }] });
    expect((await call('DELETE', `opt-outs/${id}`, { reason: 'Changed their mind.' })).status).toBe(204);
    expect((await call('DELETE', `opt-outs/${id}`, { reason: 'Again.' })).body.code).toBe('opt_out_not_found');
    const entries = (await call('GET', `audit?target_id=${id}`)).body.data;
    expect(entries.map((entry: Json) => [entry.action, entry.detail.reason])).toEqual([
      ['opt_out.removed', 'Changed their mind.'],
      ['opt_out.created', undefined],
    ]);
  });

  test('one person is named: by contact or by number, and it has to be there', async () => {
    expect((await call('POST', 'opt-outs', { reason: 'x' })).body).toMatchObject({ errors: [{ field: 'contact_id' }] });
    const nobody = { contact_id: 'con_01k9m3q5w8e7taz4x2c6v0b1n6', reason: 'x' };
    expect((await call('POST', 'opt-outs', nobody)).body.code).toBe('contact_not_found');
  });

  test('it is exported as CSV', async () => {
    const to = number();
    const { body } = await optOut(to, { reason: '=1+1' });
    const file = await call('GET', `opt-outs/export?contact_id=${body.contact_id}`);
    expect(file.headers.get('content-type')).toContain('text/csv');
    const [head, line, end] = file.text.split('\r\n');
    expect(head).toBe('"id","contact_id","phone","category","reason","source","created_at"');
    expect(line).toBe(`"${body.id}","${body.contact_id}","${to}","all","'=1+1","person","${body.created_at}"`);
    expect(end).toBe('');
  });
});

describe('a person who opted out of all messages', () => {
  test('gets none: 409 opted_out gives the reason, alone and in a batch', async () => {
    const to = number();
    await optOut(to);
    const answer = await send(to);
    expect(answer).toMatchObject({ status: 409, body: { code: 'opted_out', errors: [{ field: 'to' }] } });
    expect(answer.body.detail).toContain('Asked on the phone.');
    const batch = (await call('POST', 'messages/batch', { messages: [textTo(to), textTo(number())] })).body;
    expect(batch.results.map((result: Json) => result.error?.code)).toEqual(['opted_out', undefined]);
    expect((await send(to, { send_at: at(hour) })).body.code).toBe('opted_out');
  });

  test('loses what waits: scheduled, queued and held messages are cancelled with the reason', async () => {
    const to = number();
    const scheduled = (await send(to, { send_at: at(hour) })).body.id;
    await call('POST', `accounts/${account.id}/pause`);
    const queued = (await send(to)).body.id;
    await optOut(to);
    expect([await statusOf(scheduled), await statusOf(queued)]).toEqual(['cancelled', 'cancelled']);
    const { events } = await scenario.message(queued);
    expect(events.at(-1)).toMatchObject({ type: 'message.cancelled', data: { reason: 'opted_out' } });
    await scenario.advance(2 * hour);
    expect(await statusOf(scheduled)).toBe('cancelled');
    expect(await scenario.sql('select * from check_queue()')).toEqual([]);
  });

  test('gets no failed message again, and nothing whose outcome was unknown', async () => {
    const [failed, unknown] = [number(), number()];
    scenario.simulator.setFault(({ to }) => (failed.endsWith(to) ? 'media-failed' : 'answer-and-receipts-lost'));
    const one = (await send(failed)).body.id;
    const other = (await send(unknown, { on_unknown: 'hold' })).body.id;
    await scenario.settle();
    scenario.simulator.setFault(null);
    expect([await statusOf(one), await statusOf(other)]).toEqual(['failed', 'unknown']);
    for (const to of [failed, unknown]) await optOut(to);
    expect((await call('POST', `messages/${one}/retry`)).body.code).toBe('opted_out');
    expect((await call('POST', 'messages/retry', { account_id: account.id })).body.count).toBe(0);
    const answer = await call('POST', `messages/${other}/resolve`, { resolution: 'retry' });
    expect(answer.body.code).toBe('opted_out');
  });

  test('gets no further attempt of a call that is under way', async () => {
    const to = number();
    let isOptedOut = false;
    const { body } = await send(to, { send_at: at(hour) });
    scenario.simulator.setFault(() => (isOptedOut ? null : 'pair-rate-limited'));
    await scenario.advance(2 * hour);
    expect((await scenario.message(body.id)).waiting.reason).toBe('recipient_throttled');
    await optOut(to);
    isOptedOut = true;
    scenario.simulator.setFault(null);
    await scenario.advance(hour);
    expect(await statusOf(body.id)).toBe('cancelled');
  });

  test('gets messages again when the opt-out is removed', async () => {
    const to = number();
    const { body } = await optOut(to);
    await call('DELETE', `opt-outs/${body.id}`, { reason: 'Asked for it.' });
    expect((await send(to)).status).toBe(202);
  });
});

describe('an opt-out outlives its contact', () => {
  test('a deleted contact that comes back has it still', async () => {
    const to = number();
    const { body } = await optOut(to);
    await call('DELETE', `contacts/${body.contact_id}`);
    expect((await send(to)).body.code).toBe('opted_out');
    const again = await call('POST', 'contacts', { phone: to });
    expect(again).toMatchObject({ status: 201, body: { opted_out: 'all' } });
    expect((await send(to)).body.code).toBe('opted_out');
  });

  test('an erased person keeps it without a name, a number or a reason; an export shows it before', async () => {
    const to = number();
    const { body } = await optOut(to);
    const file = JSON.parse((await call('GET', `contacts/${body.contact_id}/export`)).text);
    expect(file.opt_outs).toMatchObject([{ category: 'all', reason: 'Asked on the phone.', source: 'person' }]);
    const erased = await call('POST', `contacts/${body.contact_id}/erase`);
    expect(erased.status).toBe(200);
    const [left] = (await call('GET', `opt-outs?contact_id=${body.contact_id}`)).body.data;
    expect(left).toMatchObject({ phone: null, reason: null });
    expect((await send(to)).body.code).toBe('opted_out');
  });
});

describe('what WhatsApp tells', () => {
  const ofPhone = async (person: string, path: string, body: object) => {
    const answer = await fetch(`${scenario.simulator.url}/phones/${person.slice(1)}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(202);
    await scenario.settle();
  };
  const choose = (person: string, choice: 'stop' | 'resume') =>
    ofPhone(person, 'marketing', { to: account.phone_number_id, choice });

  test('a person stops and resumes marketing messages', async () => {
    const to = number();
    await send(to);
    await scenario.settle();
    await choose(to, 'stop');
    const contact = await contactOf(to);
    expect(contact.opted_out).toBe('marketing');
    const [told] = (await call('GET', `opt-outs?contact_id=${contact.id}&source=whatsapp`)).body.data;
    expect(Math.abs(Date.parse(told.created_at) - scenario.clock.now())).toBeLessThan(2_000);
    expect((await send(to)).status).toBe(202);
    await choose(to, 'resume');
    expect((await contactOf(to)).opted_out).toBeNull();
  });

  test('what the person resumes is their own choice: an opt-out of a caller holds', async () => {
    const to = number();
    await optOut(to, { category: 'marketing' });
    await choose(to, 'resume');
    expect((await contactOf(to)).opted_out).toBe('marketing');
  });

  const template = (to: string, more: object = {}) => ({
    ...{ account_id: account.id, to, type: 'template' },
    template: { name: 'hello_world', language: { code: 'en_US' } },
    ...more,
  });

  test('marketing templates stop, and those that wait are cancelled; other messages go on', async () => {
    await scenario.sql("update template set category = 'MARKETING' where name = 'hello_world'");
    const to = number();
    const scheduled = (await call('POST', 'messages', template(to, { send_at: at(hour) }))).body.id;
    const text = (await send(to, { send_at: at(hour) })).body.id;
    await choose(to, 'stop');
    expect([await statusOf(scheduled), await statusOf(text)]).toEqual(['cancelled', 'scheduled']);
    const refused = await call('POST', 'messages', template(to));
    expect(refused).toMatchObject({ status: 409, body: { code: 'opted_out' } });
    expect(refused.body.detail).toContain('Stopped in WhatsApp.');
    expect((await send(to)).status).toBe(202);
    await choose(to, 'resume');
    expect((await call('POST', 'messages', template(to))).status).toBe(202);
  });

  describe('of somebody who is no contact', () => {
    beforeAll(async () => {
      for (const category of ['MARKETING', 'UTILITY']) {
        const { body } = await call('POST', 'templates', {
          ...{ account_id: scenario.account.id, name: `news_${category.toLowerCase()}`, language: 'en_US', category },
          components: [{ type: 'BODY', text: 'The shop is open.' }],
        });
        scenario.simulator.templates.act(body.channel_template_id, 'approve');
      }
      await scenario.settle();
    });
    const newsTo = (to: string, name: string) =>
      call('POST', 'messages', template(to, { template: { name, language: { code: 'en_US' } } }));
    const offer = (to: string) => newsTo(to, 'news_marketing');
    const remind = (to: string) => newsTo(to, 'news_utility');
    const listed = async (phone: string) =>
      (await call('GET', 'opt-outs?source=whatsapp')).body.data.filter((each: Json) => each.phone === phone);
    const refused = { status: 409, body: { code: 'opted_out' } };

    test('marketing is refused from the first message on, until the person resumes it', async () => {
      const to = number();
      await choose(to, 'stop');
      expect(await listed(to)).toMatchObject([{ category: 'marketing', reason: 'Stopped in WhatsApp.' }]);
      expect(await offer(to)).toMatchObject(refused);
      expect((await remind(to)).status).toBe(202);
      expect(await offer(to)).toMatchObject(refused);
      await choose(to, 'resume');
      expect(await listed(to)).toEqual([]);
      expect((await offer(to)).status).toBe(202);
    });

    test('the person who writes then is still opted out, by one contact', async () => {
      const to = number();
      await choose(to, 'stop');
      await ofPhone(to, 'messages', { to: account.phone_number_id, type: 'text', text: { body: 'Hello?' } });
      const { data } = (await call('GET', `contacts?phone=${encodeURIComponent(to)}`)).body;
      expect(data).toMatchObject([{ opted_out: 'marketing' }]);
      expect(await offer(to)).toMatchObject(refused);
    });

    test('a number in the form of WhatsApp is the number as its country writes it', async () => {
      const [dialled, named] = ['+5511987650001', '+551187650001'];
      await choose(named, 'stop');
      expect(await offer(dialled)).toMatchObject(refused);
      await choose(named, 'resume');
      expect((await offer(dialled)).status).toBe(202);
    });

    test('a stop that names the number of a known user id opts that contact out', async () => {
      const to = number();
      const user = 'FR.13491208655302741918';
      const { envelope, post } = metaPosts(() => scenario);
      await post(
        envelope({ contacts: [{ user_id: user }], messages: [incoming('', 'wamid.u', { from_user_id: user })] }),
      );
      const choice = { wa_id: to.slice(1), user_id: user, category: 'marketing_messages', value: 'stop' };
      const metadata = { phone_number_id: scenario.account.phone_number_id };
      const value = { metadata, user_preferences: [{ ...choice, timestamp: 1_764_000_000 }] };
      await post({ entry: [{ id: '1', time: 1_764_000_000, changes: [{ field: 'user_preferences', value }] }] });
      expect(await contactOf(to)).toMatchObject({ user_id: user, opted_out: 'marketing' });
      expect(await offer(to)).toMatchObject(refused);
    });

    test('the next contact of a deleted person is opted out, and a resume before ends it', async () => {
      const [writes, resumes] = [number(), number()];
      for (const to of [writes, resumes]) {
        await choose(to, 'stop');
        await call('DELETE', `contacts/${(await contactOf(to)).id}`);
        expect(await offer(to)).toMatchObject(refused);
      }
      expect((await remind(writes)).status).toBe(202);
      expect((await contactOf(writes)).opted_out).toBe('marketing');
      expect(await offer(writes)).toMatchObject(refused);
      await choose(resumes, 'resume');
      expect((await offer(resumes)).status).toBe(202);
    });

    test('a repeated stop of an erased person stores no number again', async () => {
      const to = number();
      await choose(to, 'stop');
      await call('POST', `contacts/${(await contactOf(to)).id}/erase`);
      await choose(to, 'stop');
      expect(await contactOf(to)).toBeUndefined();
      expect(await offer(to)).toMatchObject(refused);
    });

    test('who takes over a number takes no opt-out from the person who left it', async () => {
      const [former, next] = [number(), number()];
      await choose(former, 'stop');
      await call('DELETE', `contacts/${(await contactOf(former)).id}`);
      const { body: person } = await call('POST', 'contacts', { phone: former });
      expect((await call('PATCH', `contacts/${person.id}`, { phone: next })).body.opted_out).toBe('marketing');
      expect((await call('POST', 'contacts', { phone: former })).body.opted_out).toBeNull();
      expect(await offer(next)).toMatchObject(refused);
    });
  });

  test('131050 opts the person out of marketing', async () => {
    const to = number();
    scenario.simulator.setFault(() => 'marketing-stopped');
    const { body } = await call('POST', 'messages', template(to));
    await scenario.settle();
    scenario.simulator.setFault(null);
    expect(await scenario.message(body.id)).toMatchObject({ status: 'failed', error: { code: '131050' } });
    const contact = await contactOf(to);
    expect(contact.opted_out).toBe('marketing');
    const { data } = (await call('GET', `opt-outs?contact_id=${contact.id}`)).body;
    expect(data).toMatchObject([{ source: 'rejection', category: 'marketing' }]);
  });

  test('131026 marks the contact as unreachable, until it is heard of', async () => {
    const to = number();
    scenario.simulator.setFault(() => 'undeliverable');
    const { body } = await send(to);
    await scenario.settle();
    scenario.simulator.setFault(null);
    expect(await statusOf(body.id)).toBe('failed');
    expect((await contactOf(to)).whatsapp).toMatchObject({ status: 'unreachable' });
    await scenario.advance(1_000);
    await send(to);
    await scenario.settle();
    expect((await contactOf(to)).whatsapp).toBeNull();
  });
});
