// The simulated phones through the front door: what a person sees of an account, and does in the chat.
import { phoneScreenSchema, sandboxRecipientsSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { join } from '../setup/people.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario.close());

const phoneOf = (number: string, account = scenario.account.id) =>
  `/api/v1/accounts/${account}/phones/${encodeURIComponent(number)}`;
const screenOf = async (number: string, call: Call = scenario.api) =>
  phoneScreenSchema.parse((await call('GET', phoneOf(number))).body);
const act = (number: string, body: object, call: Call = scenario.api) =>
  call('POST', `${phoneOf(number)}/messages`, body);
/** Sends from the account, and returns what the phone shows. */
const arrives = async (number: string, content: object) => {
  const { status, text } = await scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: number,
    ...content,
  });
  expect([status, text]).toEqual([202, expect.anything()]);
  await scenario.settle();
  return (await screenOf(number)).messages.at(-1);
};
const inbox = async (number: string) => {
  await scenario.settle();
  const { data } = (await scenario.api('GET', '/api/v1/conversations?limit=100')).body;
  const conversation = data.find((each: { contact: { phone: string } }) => each.contact.phone === number);
  return (await scenario.api('GET', `/api/v1/messages?conversation_id=${conversation.id}&direction=inbound`)).body.data;
};

test('what arrives is seen, answered with a quote, and reacted to', async () => {
  const ana = '+5511955500101';
  expect(await screenOf(ana)).toMatchObject({ number: ana, messages: [], unread_count: 0, auto_read: true });
  const shown = await arrives(ana, { type: 'text', text: { body: 'Your table is ready.' } });
  expect(shown).toMatchObject({ from: 'account', type: 'text', text: 'Your table is ready.', status: 'read' });
  const written = await act(ana, { type: 'text', text: { body: 'Thanks' }, reply_to: shown?.id });
  expect(written.status).toBe(202);
  await act(ana, { type: 'reaction', reaction: { message_id: shown?.id, emoji: '👍' } });
  const [reaction, answer] = await inbox(ana);
  expect(answer).toMatchObject({ type: 'text', channel_message_id: written.body.id, text: { body: 'Thanks' } });
  expect(reaction).toMatchObject({ type: 'reaction', reaction: { emoji: '👍' } });
  expect((await screenOf(ana)).messages).toMatchObject([
    { id: shown?.id, reactions: { person: '👍', account: null } },
    { id: written.body.id, from: 'person', quotes: shown?.id, text: 'Thanks' },
  ]);
  await act(ana, { type: 'reaction', reaction: { message_id: shown?.id, emoji: null } });
  expect((await screenOf(ana)).messages[0]?.reactions.person).toBeNull();
});

test('buttons and rows are pressed once', async () => {
  const bea = '+5511955500102';
  const buttons = await arrives(bea, {
    type: 'interactive',
    interactive: {
      type: 'button',
      body: { text: 'Shall we move you outside?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
    },
  });
  expect(buttons).toMatchObject({ choices: { kind: 'buttons', options: [{ id: 'yes', title: 'Yes' }], chosen: null } });
  const choice = { message_id: buttons?.id, id: 'yes' };
  expect((await act(bea, { type: 'choice', choice: { ...choice, id: 'no' } })).body.code).toBe(
    'phone_choice_not_found',
  );
  expect((await act(bea, { type: 'choice', choice })).status).toBe(202);
  expect((await inbox(bea))[0]).toMatchObject({ type: 'interactive' });
  expect((await screenOf(bea)).messages[0]?.choices?.chosen).toBe('Yes');
  expect((await act(bea, { type: 'choice', choice })).body.code).toBe('phone_choice_not_found');
  const list = await arrives(bea, {
    type: 'interactive',
    interactive: {
      type: 'list',
      body: { text: 'When?' },
      action: { button: 'Times', sections: [{ title: 'Today', rows: [{ id: 't8', title: 'At eight' }] }] },
    },
  });
  expect(list?.choices).toMatchObject({ kind: 'list', title: 'Times', options: [{ title: 'At eight' }] });
  expect((await act(bea, { type: 'choice', choice: { message_id: list?.id, id: 't8' } })).status).toBe(202);
});

test('the quick reply of a template is pressed', async () => {
  const fay = '+5511955500108';
  const definition = {
    account_id: scenario.account.id,
    name: 'table_ready',
    language: 'en',
    category: 'UTILITY',
    components: [
      { type: 'BODY', text: 'Your table is ready. Are you coming?' },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'On my way' }] },
    ],
  };
  const made = await scenario.api('POST', '/api/v1/templates', definition);
  expect([made.status, made.text]).toEqual([201, expect.anything()]);
  await expect
    .poll(async () => (await scenario.api('GET', `/api/v1/templates/${made.body.id}`)).body.status)
    .toBe('APPROVED');
  const template = { name: 'table_ready', language: { code: 'en' } };
  const shown = await arrives(fay, { type: 'template', template });
  expect(shown).toMatchObject({ text: 'Your table is ready. Are you coming?', choices: { kind: 'buttons' } });
  const choice = { message_id: shown?.id, id: shown?.choices?.options[0]?.id };
  expect((await act(fay, { type: 'choice', choice })).status).toBe(202);
  expect((await inbox(fay))[0]).toMatchObject({ type: 'button' });
  expect((await screenOf(fay)).messages[0]?.choices?.chosen).toBe('On my way');
});

describe('files', () => {
  const carl = '+5511955500103';
  test('are sent from an upload, and read back only from the chat', async () => {
    const form = `--x\r\ncontent-disposition: form-data; name="file"; filename="menu.txt"\r\ncontent-type: text/plain\r\n\r\nThe menu.\r\n--x--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const upload = await scenario.api('POST', '/api/v1/media', form, headers);
    const file = { media_id: upload.body.id, caption: 'The menu' };
    const written = await act(carl, { type: 'file', file });
    expect([written.status, written.text]).toEqual([202, expect.anything()]);
    const [message] = (await screenOf(carl)).messages;
    expect(message).toMatchObject({ type: 'document', text: 'The menu', file: { filename: 'menu.txt', size: 9 } });
    const path = `${phoneOf(carl)}/messages/${encodeURIComponent(written.body.id)}/file`;
    const got = await scenario.api('GET', path);
    expect([got.text, got.headers.get('content-disposition')]).toEqual([
      'The menu.',
      expect.stringContaining('attachment; filename="menu.txt"'),
    ]);
    expect((await inbox(carl))[0]).toMatchObject({ type: 'document' });
    const elsewhere = `${phoneOf('+5511955500104')}/messages/${encodeURIComponent(written.body.id)}/file`;
    expect((await scenario.api('GET', elsewhere)).body.code).toBe('phone_message_not_found');
  });

  test('of others cannot be sent', async () => {
    const file = { media_id: 'med_01k9m3q5w8e7taz4x2c6v0b1ne' };
    expect((await act(carl, { type: 'file', file })).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'file.media_id', message: 'File not found.' }],
    });
  });
});

test('a phone that does not read by itself is read by hand, for this account only', async () => {
  const dora = '+5511955500105';
  expect((await scenario.api('PATCH', phoneOf(dora), { auto_read: false })).body).toMatchObject({ auto_read: false });
  expect(await arrives(dora, { type: 'text', text: { body: 'Hello' } })).toMatchObject({ status: 'delivered' });
  expect((await screenOf(dora)).unread_count).toBe(1);
  expect((await scenario.api('POST', `${phoneOf(dora)}/read`)).body).toEqual({ read: 1 });
  expect((await screenOf(dora)).unread_count).toBe(0);
  const other = await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' });
  const second = phoneOf(dora, other.body.id);
  expect((await scenario.api('GET', second)).body).toMatchObject({ auto_read: true, messages: [] });
});

test('a reserved number fails with the reason that the list names', async () => {
  const { data } = sandboxRecipientsSchema.parse((await scenario.api('GET', '/api/v1/sandbox/recipients')).body);
  const closed = data.find(({ outcome }) => outcome === 'window-closed');
  expect(closed).toMatchObject({ number: '+12025550113', description: 'always 400 code 131047' });
  const { id } = await scenario.send(closed?.number);
  await scenario.settle();
  expect(await scenario.message(id)).toMatchObject({ status: 'failed', error: { code: '131047' } });
});

describe('who may', () => {
  const eva = '+5511955500106';
  test('a viewer sees the phone and does nothing on it', async () => {
    const viewer = (await join(scenario, 'viewer')).api;
    expect((await viewer('GET', phoneOf(eva))).status).toBe(200);
    for (const [method, path, body] of [
      ['PATCH', '', { auto_read: false }],
      ['POST', '/read'],
      ['POST', '/messages', { type: 'text', text: { body: 'Hi' } }],
    ] as const)
      expect([path, (await viewer(method, phoneOf(eva) + path, body)).status]).toEqual([path, 403]);
  });

  test('a key of another account, and another workspace, find no such account', async () => {
    const other = await scenario.api('POST', '/api/v1/accounts', { name: 'Limited', channel: 'sandbox' });
    const limited = { name: 'limited', scopes: ['messages.read', 'messages.create'], account_ids: [other.body.id] };
    const { key } = (await scenario.api('POST', '/api/v1/keys', limited)).body;
    const stranger = await scenario.stranger();
    for (const call of [scenario.as(key), stranger.api]) {
      expect((await call('GET', phoneOf(eva))).body.code).toBe('account_not_found');
      expect((await act(eva, { type: 'text', text: { body: 'Hi' } }, call)).body.code).toBe('account_not_found');
    }
  });

  test('only Sandbox accounts have phones', async () => {
    const other = await scenario.api('POST', '/api/v1/accounts', { name: 'Real', channel: 'sandbox' });
    await scenario.sql(`update account set channel = 'cloud', route = 'cloud' where id = $1`, [toUuid(other.body.id)]);
    expect((await scenario.api('GET', phoneOf(eva, other.body.id))).body.code).toBe('not_sandbox');
    await scenario.sql(`update account set channel = 'sandbox', route = 'sandbox' where id = $1`, [
      toUuid(other.body.id),
    ]);
  });

  test('a wrong number or message is named', async () => {
    expect((await scenario.api('GET', phoneOf('12'))).body).toMatchObject({ errors: [{ field: 'number' }] });
    const reaction = { message_id: 'wamid.nothing', emoji: '👍' };
    expect((await act(eva, { type: 'reaction', reaction })).body.code).toBe('phone_message_not_found');
    expect((await act(eva, { type: 'text', text: { body: 'Hi' }, reply_to: 'wamid.no' })).body.code).toBe(
      'phone_message_not_found',
    );
    expect((await act(eva, { type: 'sticker' })).status).toBe(400);
  });
});

test('without a simulator the answer says so', async () => {
  const alone = await startScenario();
  try {
    await alone.simulator.close();
    const answer = await alone.api('GET', phoneOf('+5511955500107', alone.account.id));
    expect([answer.status, answer.body.code]).toEqual([503, 'simulator_unreachable']);
  } finally {
    await alone.close();
  }
});
