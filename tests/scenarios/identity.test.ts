// One person is one contact: under a number, a user id, another number and another id, also where there were two.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { incoming, metaPosts, status } from '../setup/meta-posts.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
});
afterAll(() => scenario.close());

const { envelope, post } = metaPosts(() => scenario);

const now = () => String(Math.floor(Date.now() / 1000));
const written = (id: string, more: object) => ({ ...incoming('', id), from: undefined, timestamp: now(), ...more });
const hidden = (userId: string, id: string, name?: string, username?: string) =>
  envelope({
    contacts: [{ profile: { name, username }, user_id: userId }],
    messages: [written(id, { from_user_id: userId })],
  });
const shown = (phone: string, id: string, more: object = {}) =>
  envelope({ contacts: [{ profile: {}, wa_id: phone, ...more }], messages: [written(id, { from: phone })] });
const system = (id: string, type: string, more: object, from?: string) =>
  envelope({ messages: [written(id, { from, type: 'system', text: undefined, system: { type, ...more } })] });

const contactsBy = async (query: string) => (await scenario.api('GET', `/api/v1/contacts?${query}`)).body.data;
const byPhone = async (phone: string) => (await contactsBy(`phone=%2B${phone}`))[0];
const byName = (name: string) => contactsBy(`search=${name}`);
const conversationsOf = async (id: string) =>
  (await scenario.api('GET', `/api/v1/conversations?contact_id=${id}`)).body.data;
const wamidsOf = async (id: string): Promise<string[]> =>
  (await scenario.api('GET', `/api/v1/messages?contact_id=${id}&order=asc`)).body.data
    .map((message: { channel_message_id: string | null }) => message.channel_message_id)
    .sort();
const sweep = async () => {
  await scenario.recado.sweeper?.sweep();
  await scenario.recado.engine.idle();
};
const lists = async () => [
  (await scenario.api('GET', '/api/v1/contacts')).body.page.total,
  (await scenario.api('GET', '/api/v1/conversations')).body.page.total,
  (await scenario.api('GET', '/api/v1/conversations?unread=true')).body.page.total,
  (await scenario.api('GET', '/api/v1/messages')).body.page.total,
];
const queueIsSound = async () => expect(await scenario.sql('select * from check_queue()')).toEqual([]);

test('a contact shows its user id and its username, and a new username replaces the former', async () => {
  await post(hidden('US.i1', 'wamid.i1', 'Ida', 'ida.one'));
  const [contact] = await byName('Ida');
  expect(contact).toMatchObject({ phone: null, user_id: 'US.i1', username: 'ida.one' });
  await post(hidden('US.i1', 'wamid.i2', 'Ida', 'ida_two'));
  expect(await byName('Ida')).toMatchObject([{ id: contact.id, username: 'ida_two' }]);
  expect((await conversationsOf(contact.id))[0].contact).toMatchObject({ user_id: 'US.i1', username: 'ida_two' });
  // A username is one person's at a time.
  await post(hidden('US.i9', 'wamid.i9', 'Igor', 'ida_two'));
  expect((await byName('Ida'))[0].username).toBeNull();
});

test('the number beside a known user id, and the user id in a receipt, belong to the same contact', async () => {
  await post(hidden('US.j1', 'wamid.j1', 'Jana'));
  const [jana] = await byName('Jana');
  await post(shown('33700000001', 'wamid.j2', { user_id: 'US.j1', parent_user_id: 'US.ENT.j1' }));
  expect(await byPhone('33700000001')).toMatchObject({ id: jana.id, user_id: 'US.j1' });
  // Another business of the same company knows the person by another id.
  await post(
    envelope({ contacts: [{ user_id: 'US.j2', parent_user_id: 'US.ENT.j1' }], messages: [written('wamid.j3', {})] }),
  );
  expect(await wamidsOf(jana.id)).toEqual(['wamid.j1', 'wamid.j2', 'wamid.j3']);

  await post(shown('33700000002', 'wamid.k1'));
  const kim = await byPhone('33700000002');
  const told = {
    ...status({ token: '', wamid: 'wamid.of-nobody' }, 'read'),
    recipient_id: '33700000002',
    recipient_user_id: 'US.k1',
  };
  await post(envelope({ statuses: [told] }));
  await post(hidden('US.k1', 'wamid.k2'));
  expect(await wamidsOf(kim.id)).toEqual(['wamid.k1', 'wamid.k2']);
});

describe('two contacts of one person', () => {
  test('become one: messages move, counts add up, the later id is gone, and it is told', async () => {
    const phone = '33700000010';
    await scenario.send(`+${phone}`);
    await post(shown(phone, 'wamid.m1'));
    await post(hidden('US.m1', 'wamid.m2', 'Mona', 'mona'));
    const before = await byPhone(phone);
    const [other] = await byName('Mona');
    expect(other.id).not.toBe(before.id);
    const [contacts, conversations, unread, messages] = await lists();
    const statistics = (await scenario.api('GET', '/api/v1/messages/statistics')).body;
    await post(shown(phone, 'wamid.m3', { user_id: 'US.m1' }));
    await sweep();

    const after = await byPhone(phone);
    expect(after).toMatchObject({
      id: before.id,
      name: 'Mona',
      user_id: 'US.m1',
      username: 'mona',
      unread_count: 3,
      message_counts: { outbound: 1, inbound: 3 },
    });
    expect((await wamidsOf(after.id)).filter(Boolean)).toEqual(['wamid.m1', 'wamid.m2', 'wamid.m3']);
    expect(await lists()).toEqual([contacts - 1, conversations - 1, unread - 1, messages + 1]);
    expect((await scenario.api('GET', '/api/v1/messages/statistics')).body.received).toBe(statistics.received + 1);
    expect(await conversationsOf(after.id)).toHaveLength(1);
    expect((await conversationsOf(after.id))[0]).toMatchObject({
      unread_count: 3,
      message_counts: { outbound: 1, inbound: 3 },
    });
    expect(await conversationsOf(other.id)).toEqual([]);
    const gone = await scenario.api('GET', `/api/v1/contacts/${other.id}`);
    expect(gone).toMatchObject({
      status: 404,
      body: { code: 'contact_not_found', detail: expect.stringContaining(after.id) },
    });
    const [told] = (await scenario.api('GET', '/api/v1/audit?action=contact.merged')).body.data;
    expect(told).toMatchObject({ target: { id: after.id }, detail: { merged_contact_id: other.id } });
    await logIsOpen(scenario);
    const events = (await scenario.api('GET', '/api/v1/events?types=contact.merged')).body.data;
    expect(events.at(-1)?.data).toEqual({ contact_id: after.id, merged_contact_id: other.id });
    await queueIsSound();
  });

  test('by a change of the number, of the user id, and by the notice of it', async () => {
    await post(shown('33700000020', 'wamid.n1'));
    await post(shown('33700000021', 'wamid.n2'));
    const first = await byPhone('33700000020');
    await post(system('wamid.n3', 'user_changed_number', { wa_id: '33700000021' }, '33700000020'));
    await sweep();
    expect(await byPhone('33700000020')).toBeUndefined();
    expect(await byPhone('33700000021')).toMatchObject({ id: first.id, phone: '+33700000021' });
    expect(await wamidsOf(first.id)).toEqual(['wamid.n1', 'wamid.n2', 'wamid.n3']);

    await post(hidden('US.n1', 'wamid.n4', 'Nora'));
    await post(hidden('US.n2', 'wamid.n5'));
    const [nora] = await byName('Nora');
    await post(system('wamid.n6', 'user_changed_user_id', { previous_user_id: 'US.n1', user_id: 'US.n2' }));
    await sweep();
    expect(await wamidsOf(nora.id)).toEqual(['wamid.n4', 'wamid.n5', 'wamid.n6']);
    expect((await byName('Nora'))[0].user_id).toBe('US.n2');

    const update = {
      user_id_update: [{ detail: 'x', user_id: { previous: 'US.n2', current: 'US.n3' }, timestamp: 1 }],
    };
    await post({ entry: [{ id: '1', time: 1, changes: [{ field: 'user_id_update', value: update }] }] });
    await post(hidden('US.n3', 'wamid.n7'));
    expect((await wamidsOf(nora.id)).at(-1)).toBe('wamid.n7');
  });

  test('a number that belongs to somebody else by now changes its owner, and merges nobody', async () => {
    await post(shown('33700000030', 'wamid.o1', { user_id: 'US.o1' }));
    await post(shown('33700000031', 'wamid.o2', { user_id: 'US.o2' }));
    const mover = await byPhone('33700000030');
    const former = await byPhone('33700000031');
    await post(system('wamid.o3', 'user_changed_number', { wa_id: '33700000031' }, '33700000030'));
    await sweep();
    expect(await byPhone('33700000031')).toMatchObject({ id: mover.id, user_id: 'US.o1' });
    expect((await scenario.api('GET', `/api/v1/contacts/${former.id}`)).body).toMatchObject({
      phone: null,
      user_id: 'US.o2',
    });
  });

  test('what waits leaves in its order, and waits for a call that is under way', async () => {
    const limits = { rate: { messages: 1, seconds: 3600 } };
    const account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Slow', channel: 'sandbox', limits })).body;
    const metadata = { display_phone_number: '1', phone_number_id: account.phone_number_id };
    const value = (body: ReturnType<typeof shown>) => ({ ...body.entry[0]?.changes[0]?.value, metadata });
    const [one, two] = ['33700000040', '33700000041'];
    const text = (to: string, body: string, more: object = {}) =>
      scenario.api('POST', '/api/v1/messages', {
        account_id: account.id,
        to: `+${to}`,
        type: 'text',
        text: { body },
        ...more,
      });
    await text('33700000049', 'uses up the rate');
    const ids = [];
    for (const [to, body] of [
      [one, '1'],
      [two, '2'],
      [one, '3'],
      [two, '4'],
    ] as const)
      ids.push((await text(to, body)).body.id);
    ids.push((await text(two, 'first', { priority: 'high' })).body.id);
    await scenario.recado.engine.idle();
    const [kept] = await scenario.sql<{ id: string }>('select id from open_message where id = $1', [toUuid(ids[1])]);
    await scenario.sql(
      `update open_message set state = 'sending', head = true, fence = 1, runner = 'test', started_at = now(),
      lease_until = now() + interval '1 hour' where id = (select id from open_message where conversation_id =
        (select conversation_id from open_message where id = $1) and head)`,
      [kept?.id],
    );
    await scenario.sql('update lane set queued = queued - 1, in_flight = in_flight + 1 where account_id = $1', [
      toUuid(account.id),
    ]);
    await post(envelope(value(system('wamid.p1', 'user_changed_number', { wa_id: two }, one))));
    await sweep();
    const pending = () => scenario.sql('select 1 from contact_merge');
    expect(await pending()).toHaveLength(1);
    await scenario.sql(`update open_message set state = 'queued' where state = 'sending' and runner = 'test'`);
    await scenario.sql('update lane set queued = queued + 1, in_flight = in_flight - 1 where account_id = $1', [
      toUuid(account.id),
    ]);
    await scenario.sql(`update contact_merge set due_at = now() - interval '1 second'`);
    await sweep();
    expect(await pending()).toEqual([]);
    await queueIsSound();
    const conversation = (await conversationsOf((await byPhone(two)).id)).find(
      (each: { account_id: string }) => each.account_id === account.id,
    );
    const line = await scenario.sql<{ id: string }>(
      `select id from open_message where conversation_id = $1 order by head desc, priority, seq`,
      [toUuid(conversation.id)],
    );
    expect(line.map(({ id }) => id)).toEqual([ids[4], ids[0], ids[1], ids[2], ids[3]].map(toUuid));
  });

  test('are erased only once they are merged', async () => {
    const phone = '33700000060';
    await post(shown(phone, 'wamid.p1'));
    await post(hidden('US.p1', 'wamid.p2', 'Petra'));
    const [other] = await byName('Petra');
    const kept = await byPhone(phone);
    await scenario.sql(
      `insert into contact_merge (contact_id, other_id, workspace_id, requested_at, due_at)
       select id, $2, workspace_id, now(), now() + interval '1 hour' from contact where id = $1`,
      [toUuid(kept.id), toUuid(other.id)],
    );
    const early = await scenario.api('POST', `/api/v1/contacts/${kept.id}/erase`);
    expect([early.status, early.body.code]).toEqual([409, 'contact_busy']);
    expect((await byPhone(phone)).id).toBe(kept.id);
    await scenario.sql('update contact_merge set due_at = now() where contact_id = $1', [toUuid(kept.id)]);
    await sweep();
    const erased = await scenario.api('POST', `/api/v1/contacts/${kept.id}/erase`);
    expect(erased).toMatchObject({ status: 200, body: { counts: { contacts: 2, messages: 2 } } });
  });

  test('are exported together, and one erasure takes both', async () => {
    const phone = '33700000050';
    await post(shown(phone, 'wamid.q1'));
    await post(hidden('US.q1', 'wamid.q2', 'Quirin'));
    const [other] = await byName('Quirin');
    await post(shown(phone, 'wamid.q3', { user_id: 'US.q1' }));
    await sweep();
    const kept = await byPhone(phone);
    const exported = (await scenario.api('GET', `/api/v1/contacts/${kept.id}/export`)).body;
    expect(exported.messages).toHaveLength(3);
    expect(exported.conversations).toHaveLength(1);
    // Under the id that is gone, too: it is the same person.
    const erased = await scenario.api('POST', `/api/v1/contacts/${other.id}/erase`);
    expect(erased).toMatchObject({ status: 200, body: { counts: { contacts: 2, messages: 3, conversations: 1 } } });
    expect((await scenario.api('GET', `/api/v1/contacts/${kept.id}`)).status).toBe(404);
    const left = await scenario.sql(`select 1 from contact_address where value in ('US.q1', '+33700000050')
      union all select 1 from message where channel_message_id like 'wamid.q%'`);
    expect(left).toEqual([]);
  });
});

describe('two contacts that somebody merges', () => {
  const contact = async (body: object) => (await scenario.api('POST', '/api/v1/contacts', body)).body;
  const merge = (id: string, body: object) => scenario.api('POST', `/api/v1/contacts/${id}/merge`, body);

  test('become one with the chosen values, all labels, both numbers and the stricter opt-out', async () => {
    for (const [key, type] of [
      ['town', 'text'],
      ['customer', 'number'],
      ['mail', 'text'],
    ])
      await scenario.api('POST', '/api/v1/contact-fields', { key, name: key, type });
    const label = async (name: string, on: string) =>
      (await scenario.api('POST', '/api/v1/labels', { name, color: 'teal', on })).body.id as string;
    const [red, green] = [await label('red', 'contact'), await label('green', 'contact')];
    const urgent = await label('urgent', 'conversation');
    await post(shown('33700000080', 'wamid.s1'));
    const older = await byPhone('33700000080');
    await scenario.api('PATCH', `/api/v1/contacts/${older.id}`, {
      ...{ name: 'Ana S. Oliveira', language: 'en', label_ids: [red] },
      fields: { town: 'Almada', mail: 'ana@oliveira.example' },
    });
    const ana = await contact({
      ...{ name: 'Ana Souza', language: 'pt', phone: '+33700000081', reference: 'crm-1', label_ids: [red, green] },
      fields: { town: 'Chiado', customer: 7 },
    });
    const conversation = await scenario.send('+33700000081');
    await scenario.settle();
    const [thread] = await conversationsOf(older.id);
    await scenario.api('PUT', `/api/v1/conversations/${thread.id}/labels/${urgent}`);
    await scenario.api('POST', '/api/v1/opt-outs', { contact_id: older.id, category: 'marketing', reason: 'SAIR' });

    const merged = await merge(ana.id, { other_id: older.id, take: ['language', 'fields.town', 'reference'] });
    expect(merged).toMatchObject({
      status: 200,
      body: {
        ...{ id: ana.id, name: 'Ana Souza', language: 'en', reference: 'crm-1', opted_out: 'marketing' },
        ...{ phone: '+33700000081', other_phones: ['+33700000080'] },
        fields: { town: 'Almada', customer: 7, mail: 'ana@oliveira.example' },
      },
    });
    expect(Object.keys(merged.body.field_sources).sort()).toEqual(['customer', 'mail', 'town']);
    expect(merged.body.labels.map(({ name }: { name: string }) => name)).toEqual(['green', 'red']);
    const [only, ...more] = await conversationsOf(ana.id);
    expect([only.id, more, only.labels]).toEqual([
      conversation.conversation_id,
      [],
      [{ id: urgent, name: 'urgent', color: 'teal' }],
    ]);
    // Both numbers lead to the one contact, and the other id to it.
    expect((await byPhone('33700000080')).id).toBe(ana.id);
    await post(shown('33700000080', 'wamid.s2'));
    expect(await wamidsOf(ana.id)).toEqual(expect.arrayContaining(['wamid.s1', 'wamid.s2']));
    const gone = await scenario.api('GET', `/api/v1/contacts/${older.id}`);
    expect(gone.body.detail).toContain(ana.id);
    const [told] = (await scenario.api('GET', '/api/v1/audit?action=contact.merged')).body.data;
    expect(told).toMatchObject({
      actor: { kind: 'person' },
      target: { id: ana.id },
      detail: { merged_contact_id: older.id, taken: ['language', 'fields.town', 'reference'] },
    });
    await queueIsSound();
  });

  test('only while there are both, in one workspace, and no call is under way', async () => {
    const [one, two] = [await contact({ name: 'One' }), await contact({ name: 'Two', phone: '+33700000792' })];
    const stranger = await scenario.stranger();
    for (const [body, field] of [
      [{ other_id: one.id }, 'other_id'],
      [{ other_id: stranger.message.contact_id }, 'other_id'],
      [{ other_id: two.id, take: ['phone'] }, 'take[0]'],
    ] as const)
      expect(await merge(one.id, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect((await stranger.api('POST', `/api/v1/contacts/${one.id}/merge`, { other_id: two.id })).status).toBe(404);
    const message = await scenario.send('+33700000792');
    const other = await scenario.send('+33700000793');
    await scenario.settle();
    // The outcome of the call to the contact whose conversation would end is unknown.
    const busy = await merge(other.contact_id, { other_id: two.id });
    expect([busy.status, busy.body.code, busy.headers.get('retry-after')]).toEqual([409, 'merge_busy', '2']);
    expect((await scenario.api('GET', `/api/v1/contacts/${two.id}`)).status).toBe(200);
    await scenario.api('POST', `/api/v1/messages/${message.id}/resolve`, { resolution: 'sent', reason: 'It arrived.' });
    expect((await merge(other.contact_id, { other_id: two.id })).body.other_phones).toEqual(['+33700000792']);
    expect((await scenario.message(message.id)).conversation_id).toBe(other.conversation_id);
    expect((await merge(other.contact_id, { other_id: two.id })).status).toBe(400);
    await queueIsSound();
  });
});
