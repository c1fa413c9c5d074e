// What people do on their phones beside writing: each becomes the webhook that Meta would post.
import { afterEach, expect, test } from 'vitest';
import { business, call, createCleanup, makeReceiver, makeSimulator, sendText } from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const number = '5511987654321';
const phone = `/phones/+${number}`;

const start = async () => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
  const ask = async (interactive: object): Promise<string> =>
    (await sendText(simulator, number, '', { type: 'interactive', text: undefined, interactive })).json.messages[0].id;
  const write = (body: object) => call(simulator, 'POST', `${phone}/messages`, { to: business, ...body });
  const bodies = () =>
    receiver.received
      .flatMap(
        each =>
          (
            JSON.parse(each.raw.toString()) as {
              entry: { changes: { field: string; value: Record<string, unknown[]> }[] }[];
            }
          ).entry,
      )
      .flatMap(entry => entry.changes);
  const posted = async () => {
    await simulator.webhooksIdle();
    return bodies();
  };
  return { simulator, ask, write, posted, receiver };
};

const buttons = {
  type: 'button',
  body: { text: 'Sure?' },
  action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
};
const list = {
  type: 'list',
  body: { text: 'Which?' },
  action: { button: 'Open', sections: [{ rows: [{ id: 'a', title: 'A', description: 'First' }] }] },
};

test('a button and a row can be pressed if they are on the phone', async () => {
  const { ask, write, posted, receiver } = await start();
  expect((await write({ type: 'button_reply', button_reply: { id: 'yes' } })).json.error.code).toBe(131009);
  const asked = await ask(buttons);
  await ask(list);
  expect((await write({ type: 'button_reply', button_reply: { id: 'no' } })).json.error.code).toBe(131009);
  expect((await write({ type: 'button_reply', button_reply: { id: 'yes' } })).status).toBe(202);
  expect((await write({ type: 'list_reply', list_reply: { id: 'a' } })).status).toBe(202);
  await posted();
  expect(receiver.messages()).toMatchObject([
    {
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } },
      context: { id: asked },
    },
    { interactive: { type: 'list_reply', list_reply: { id: 'a', title: 'A', description: 'First' } } },
  ]);
});

test('reactions, edits and deletions name a message of the chat', async () => {
  const { write, posted, receiver } = await start();
  const { id } = (await write({ text: { body: 'Helo' } })).json;
  await write({ type: 'reaction', reaction: { message_id: id, emoji: '👍' } });
  await write({ type: 'reaction', reaction: { message_id: id, emoji: null } });
  await write({ type: 'edit', edit: { message_id: id, text: { body: 'Hello' } } });
  await write({ type: 'revoke', revoke: { message_id: id } });
  for (const type of ['reaction', 'revoke'])
    expect((await write({ type, [type]: { message_id: 'wamid.x' } })).json.error.code).toBe(131009);
  await posted();
  expect(receiver.messages()).toMatchObject([
    { type: 'text' },
    { reaction: { message_id: id, emoji: '👍' } },
    { reaction: { message_id: id } },
    { edit: { original_message_id: id, message: { type: 'text', text: { body: 'Hello' } } } },
    { revoke: { original_message_id: id } },
  ]);
});

test('calls, and what the shop writes on its phone, have fields of their own', async () => {
  const { write, posted } = await start();
  await write({ type: 'call', call: { answered: true, seconds: 5 } });
  await write({ by: 'shop', text: { body: 'We close at six' } });
  const changes = await posted();
  const byField = (field: string, name: string) =>
    changes.filter(each => each.field === field).flatMap(each => each.value[name]);
  expect(byField('calls', 'calls')).toMatchObject([
    { event: 'connect', direction: 'USER_INITIATED', from: number },
    { event: 'terminate', status: 'COMPLETED', duration: 5 },
  ]);
  expect(byField('smb_message_echoes', 'message_echoes')).toMatchObject([
    { to: number, type: 'text', text: { body: 'We close at six' } },
  ]);
});

test('a person may have a user id, hide the number, and change both', async () => {
  const { simulator, write, posted } = await start();
  await call(simulator, 'PATCH', phone, { user_id: 'US.1', username: 'ana', hides_number: true });
  await write({ text: { body: 'Guess who' } });
  await write({ type: 'user_id_change', user_id_change: { user_id: 'US.2' } });
  await call(simulator, 'PATCH', phone, { hides_number: false });
  await write({ type: 'number_change', number_change: { number: '+12025550100', user_id: 'US.3' } });
  const [text, changed, moved] = (await posted()).map(({ value }) => ({ ...value, message: value.messages?.[0] }));
  expect(text).toMatchObject({
    contacts: [{ profile: { username: 'ana' }, user_id: 'US.1' }],
    message: { from_user_id: 'US.1' },
  });
  expect(text?.message).not.toHaveProperty('from');
  expect(changed?.message).toMatchObject({
    system: { type: 'user_changed_user_id', previous_user_id: 'US.1', user_id: 'US.2' },
  });
  expect(moved?.message).toMatchObject({
    from: number,
    system: { type: 'user_changed_number', wa_id: '12025550100', previous_user_id: 'US.2', user_id: 'US.3' },
  });
});

test('a person without a number is written to by the user id', async () => {
  const { simulator, receiver, posted } = await start();
  const hidden = '+12025550140';
  await call(simulator, 'POST', `/phones/${hidden}/messages`, { to: business, text: { body: 'Hi' } });
  await posted();
  const [{ contacts } = {}] = receiver.received.flatMap(each => each.values);
  expect(contacts).toEqual([{ profile: { name: 'Person 0140', username: 'reserved.202' }, user_id: 'US.5550140202' }]);
  const send = (recipient: string, more: object) =>
    call(simulator, 'POST', `/v25.0/${business}/messages`, { messaging_product: 'whatsapp', recipient, ...more });
  const answer = { type: 'text', text: { body: 'Hello' } };
  const sent = await send('US.5550140202', answer);
  expect(sent.json.contacts).toEqual([{ input: 'US.5550140202', user_id: 'US.5550140202' }]);
  await posted();
  expect(receiver.statuses()).toMatchObject([
    { status: 'sent', recipient_user_id: 'US.5550140202' },
    { status: 'delivered' },
    { status: 'read' },
  ]);
  expect(receiver.statuses()[0]).not.toHaveProperty('recipient_id');
  expect((await send('US.1', answer)).json.error.code).toBe(100);
  expect(
    (await call(simulator, 'POST', `/v25.0/${business}/messages`, { messaging_product: 'whatsapp' })).json.error.code,
  ).toBe(131008);
  const code = { type: 'body', parameters: [{ type: 'text', text: '123456' }] };
  const button = { type: 'button', sub_type: 'url', index: '0', parameters: code.parameters };
  const template = { name: 'one_time_code', language: { code: 'en_US' }, components: [code, button] };
  expect((await send('US.5550140202', { type: 'template', template })).json.error.code).toBe(131062);
});

test('an edited message says so on the phone, and what the shop writes on its own phone is there at once', async () => {
  const { simulator, write } = await start();
  const { json } = await write({ text: { body: 'at ten' } });
  await write({ type: 'edit', edit: { message_id: json.id, text: { body: 'at eleven' } } });
  await write({ by: 'shop', text: { body: 'Fine' } });
  const screen = (await call(simulator, 'GET', phone)).json;
  expect(screen.threads[0].messages).toMatchObject([
    { direction: 'written', edited: true, preview: 'at eleven' },
    { direction: 'received', preview: 'Fine', status: 'read' },
  ]);
});
