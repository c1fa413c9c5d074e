// The work on conversations: states, episodes, and who waits.
import type { Conversation, ConversationChange, Episode } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
const minute = 60_000;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario?.close());

let people = 0;
/** A person with a phone, who has written nothing yet. */
function person() {
  const phone = `+55119876600${String(++people).padStart(2, '0')}`;
  const post = async (content: object) => {
    await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
    });
    await scenario.settle();
  };
  const find = async (): Promise<Conversation> => {
    const { data } = (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body;
    expect(data).toHaveLength(1);
    return data[0];
  };
  const act = async (action: string, body?: object) =>
    scenario.api('POST', `/api/v1/conversations/${(await find()).id}/${action}`, body);
  const list = async (what: string) =>
    (await scenario.api('GET', `/api/v1/conversations/${(await find()).id}/${what}`)).body.data;
  return {
    phone,
    post,
    write: (body = 'Is it ready?') => post({ type: 'text', text: { body } }),
    find,
    act,
    episodes: (): Promise<Episode[]> => list('episodes'),
    changes: (): Promise<ConversationChange[]> => list('changes'),
    async send(call = scenario.api) {
      const body = { account_id: scenario.account.id, to: phone, type: 'text', text: { body: 'Yes.' } };
      const { status, body: message } = await call('POST', '/api/v1/messages', body);
      expect(status).toBe(202);
      await scenario.settle();
      return message.id as string;
    },
  };
}

const program = async () => {
  const { body } = await scenario.api('POST', '/api/v1/keys', { name: 'shop', scopes: ['messages.create'] });
  return scenario.as(body.key);
};
const eventsOf = async (id: string) => {
  const { body } = await scenario.api(
    'GET',
    '/api/v1/events?limit=100&types=conversation.closed,conversation.snoozed,conversation.reopened',
  );
  return body.data.filter((event: { data: { conversation_id: string } }) => event.data.conversation_id === id);
};

test('an episode lasts from the first message to the close, and knows its first response', async () => {
  const ana = person();
  await ana.send(await program());
  expect(await ana.find()).toMatchObject({ state: 'closed', state_since: null, waiting_since: null, episode_id: null });
  await ana.write();
  const first = await ana.find();
  expect(first).toMatchObject({ state: 'open', waiting_since: first.state_since });
  await scenario.advance(10 * minute);
  await ana.write('Hello?');
  await ana.send(await program());
  expect(await ana.find()).toMatchObject({ state: 'open', waiting_since: first.waiting_since });
  await ana.send();
  expect(await ana.find()).toMatchObject({ state: 'open', waiting_since: null, episode_id: first.episode_id });
  const [open] = await ana.episodes();
  expect(open).toMatchObject({ number: 1, opened_at: first.state_since, closed_at: null });
  expect(open?.first_response?.by?.name).toBe('Owner');
  expect(open?.first_response?.seconds).toBeGreaterThanOrEqual(600);
  expect(await ana.changes()).toEqual([]);

  await scenario.advance(minute);
  const closed = await ana.act('close', { reason: 'Answered' });
  expect(closed).toMatchObject({ status: 200, body: { state: 'closed', waiting_since: null } });
  expect((await ana.episodes())[0]).toMatchObject({ close_reason: 'Answered', closed_at: closed.body.state_since });
  // A second close changes nothing.
  expect((await ana.act('close', { reason: 'Again' })).body.state_since).toBe(closed.body.state_since);

  await scenario.advance(11 * minute);
  await ana.write('One more question.');
  expect(await ana.find()).toMatchObject({ state: 'open', unread_count: 3 });
  expect(await ana.episodes()).toMatchObject([
    { number: 2, closed_at: null },
    { number: 1, close_reason: 'Answered' },
  ]);
  expect(await ana.changes()).toMatchObject([
    { change: 'reopened', by: null, reason: 'received', episode: 2 },
    { change: 'closed', by: { name: expect.any(String) }, reason: 'Answered', episode: 1 },
  ]);
  expect(await eventsOf(first.id)).toMatchObject([
    { type: 'conversation.closed', data: { reason: 'Answered', person_id: expect.stringMatching(/^per_/) } },
    { type: 'conversation.reopened', data: { reason: 'received', person_id: null, api_key_id: null } },
  ]);
});

test('thanks and reactions leave a conversation closed, a question does not', async () => {
  const bea = person();
  await bea.write();
  await bea.send();
  await bea.act('close', {});
  await scenario.advance(minute);
  await bea.write('Obrigada! 🙏');
  expect(await bea.find()).toMatchObject({ state: 'closed', unread_count: 2, waiting_since: null });
  await bea.write('?');
  expect(await bea.find()).toMatchObject({ state: 'open', waiting_since: expect.any(String) });
  await bea.act('close', {});
  await scenario.advance(11 * minute);
  await bea.write('Thanks!');
  expect((await bea.find()).state).toBe('open');
});

test('what a person of ours writes opens a conversation, and so does its failure', async () => {
  const cleo = person();
  await cleo.send();
  const opened = await cleo.find();
  expect(opened).toMatchObject({ state: 'open', waiting_since: null });
  expect(await cleo.episodes()).toMatchObject([{ number: 1, first_response: null }]);
  await cleo.act('close', {});
  await cleo.act('reopen');
  expect(await cleo.find()).toMatchObject({ state: 'open', episode_id: opened.episode_id });
  expect(await cleo.episodes()).toMatchObject([{ number: 1, closed_at: null, closed_by: null }]);
  const account = `/api/v1/accounts/${scenario.account.id}`;
  await scenario.api('POST', `${account}/pause`);
  const lost = await cleo.send();
  await cleo.act('close', {});
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  await scenario.api('POST', `${account}/resume`);
  await scenario.settle();
  scenario.simulator.setFault(null);
  expect((await scenario.message(lost)).status).toBe('unknown');
  expect(await cleo.find()).toMatchObject({ state: 'open' });
  expect((await cleo.changes())[0]).toMatchObject({ change: 'reopened', reason: 'not_sent', by: null });
});

test('a snooze ends once: by its time, also after a restart, or by a message', async () => {
  const [dora, eva] = [person(), person()];
  for (const each of [dora, eva]) await each.write();
  const { waiting_since: since } = await dora.find();
  const until = new Date(scenario.clock.now() + 60 * minute).toISOString();
  expect(await dora.act('snooze', { until })).toMatchObject({ body: { state: 'snoozed', snoozed_until: until } });
  expect(await eva.act('snooze', {})).toMatchObject({ body: { state: 'snoozed', snoozed_until: null } });
  const past = new Date(scenario.clock.now() - minute).toISOString();
  expect(await dora.act('snooze', { until: past })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'until' }] },
  });
  const snoozed = (await scenario.api('GET', '/api/v1/conversations?state=snoozed')).body.data;
  expect(snoozed.map(({ contact }: Conversation) => contact.phone).sort()).toEqual([dora.phone, eva.phone].sort());
  expect((await scenario.api('GET', '/api/v1/conversations/counts')).body).toMatchObject({ snoozed: 2 });

  const node = await scenario.node('worker');
  await scenario.advance(60 * minute + 1_000);
  await expect.poll(async () => (await dora.find()).state).toBe('open');
  await scenario.advance(60 * minute);
  await node.close();
  expect(await dora.find()).toMatchObject({ waiting_since: since, snoozed_until: null });
  expect(await dora.changes()).toMatchObject([
    { change: 'reopened', reason: 'snooze_over' },
    { change: 'snoozed', until },
  ]);
  expect((await eva.find()).state).toBe('snoozed');
  await eva.write('Thanks!');
  expect(await eva.find()).toMatchObject({ state: 'open' });
  expect((await eva.changes())[0]).toMatchObject({ change: 'reopened', reason: 'received' });
});

test('conversations that become one keep the open work, and the episodes of both', async () => {
  const [fay, gil] = [person(), person()];
  await fay.write();
  await fay.act('close', {});
  await scenario.advance(20 * minute);
  await gil.write();
  await scenario.advance(minute);
  await fay.write();
  const [one, other] = [await fay.find(), await gil.find()];
  await gil.act('snooze', {});
  const merged = await scenario.api('POST', `/api/v1/contacts/${other.contact.id}/merge`, { other_id: one.contact.id });
  expect(merged.status).toBe(200);
  const { body: kept } = await scenario.api('GET', `/api/v1/conversations/${other.id}`);
  expect(kept).toMatchObject({ state: 'open', waiting_since: other.waiting_since, episode_id: one.episode_id });
  const { data } = (await scenario.api('GET', `/api/v1/conversations/${other.id}/episodes`)).body;
  expect(data).toMatchObject([
    { number: 3, id: one.episode_id, closed_at: null },
    { number: 2, close_reason: 'merged' },
    { number: 1, closed_at: expect.any(String) },
  ]);
});

test('a quiet conversation closes by itself after the days of its workspace, unless somebody waits in it', async () => {
  const day = 24 * 60 * minute;
  const [hal, ida] = [person(), person()];
  await hal.write();
  await ida.write();
  await hal.send();
  const changed = await scenario.api('PATCH', '/api/v1/workspace', { auto_close_days: 2 });
  expect(changed).toMatchObject({ status: 200, body: { auto_close_days: 2 } });
  await scenario.advance(day);
  await scenario.advance(11 * minute);
  expect((await hal.find()).state).toBe('open');
  await scenario.advance(day);
  await scenario.advance(11 * minute);
  await expect.poll(async () => (await hal.find()).state).toBe('closed');
  expect((await hal.changes())[0]).toMatchObject({ change: 'closed', reason: 'quiet', by: null });
  expect((await ida.find()).state).toBe('open');
  const reasons = ['Answered', 'Wrong number'];
  const both = await scenario.api('PATCH', '/api/v1/workspace', { auto_close_days: null, close_reasons: reasons });
  expect(both.body).toMatchObject({ auto_close_days: null, close_reasons: reasons });
  expect(await scenario.api('PATCH', '/api/v1/workspace', { close_reasons: ['Same', 'Same'] })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'close_reasons' }] },
  });
  expect(await scenario.api('PATCH', '/api/v1/workspace', { auto_close_days: 0 })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'auto_close_days' }] },
  });
});
