// The Graph API as a client sees it: responses, errors, the ledger, read marks.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  business,
  call,
  createCleanup,
  makeFolder,
  makeReceiver,
  makeSimulator,
  sendText,
  text,
} from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';

describe('sending', () => {
  test('answers in the shape of Meta, with and without a version', async () => {
    const simulator = await makeSimulator(cleanup);
    for (const path of [`/v24.0/${business}/messages`, `/${business}/messages`]) {
      const { status, json } = await call(simulator, 'POST', path, text(person));
      expect(status).toBe(200);
      expect(json).toEqual({
        messaging_product: 'whatsapp',
        contacts: [{ input: person, wa_id: '5511987654321' }],
        messages: [{ id: expect.stringMatching(/^wamid\.[A-Za-z0-9+/]+=*$/) }],
      });
    }
  });

  test('has the call in the ledger on the disk when the answer arrives', async () => {
    const dataDir = await makeFolder(cleanup);
    const simulator = await makeSimulator(cleanup, { dataDir });
    const body = JSON.stringify(text(person, 'hi', { biz_opaque_callback_data: 'token-1' }));
    const { json } = await call(simulator, 'POST', `/${business}/messages`, body);
    const lines = (await readFile(join(dataDir, 'ledger.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map(line => JSON.parse(line))).toEqual([
      {
        at: expect.stringMatching(/^2026-01-01T/),
        wamid: json.messages[0].id,
        phone_number_id: business,
        to: '5511987654321',
        type: 'text',
        body_sha256: createHash('sha256').update(body).digest('hex'),
        token: 'token-1',
        outcome: 'accepted',
        price: { category: 'service', type: 'free_customer_service' },
      },
    ]);
    expect(simulator.ledger.entries()).toHaveLength(1);
  });

  test('counts duplicated tokens, and finds entries', async () => {
    const simulator = await makeSimulator(cleanup);
    const tokens = ['a', 'b', 'a', 'a', undefined];
    await Promise.all(
      tokens.map(token => sendText(simulator, person, 'x', token ? { biz_opaque_callback_data: token } : {})),
    );
    const summary = await call(simulator, 'GET', '/ledger/summary');
    expect(summary.json).toMatchObject({ entries: 5, tokens: 2, duplicated: 1, without_token: 1 });
    expect((await call(simulator, 'GET', '/ledger?token=a')).json.entries).toHaveLength(3);
    expect((await call(simulator, 'GET', '/ledger?since_line=3&limit=1')).json).toMatchObject({
      entries: [{ line: 4 }],
      lines: 5,
    });
    expect((await call(simulator, 'GET', `/ledger?to=${encodeURIComponent(person)}`)).json.entries).toHaveLength(5);
    expect((await call(simulator, 'GET', '/ledger?limit=nine')).status).toBe(400);
  });

  test.each([
    ['text', { body: 'x'.repeat(4096) }],
    ['image', { link: 'https://example.org/a.jpg', caption: 'c'.repeat(1024) }],
    ['video', { link: 'https://example.org/a.mp4' }],
    ['audio', { link: 'https://example.org/a.ogg', voice: true }],
    ['document', { link: 'http://127.0.0.1/a.pdf', filename: 'a.pdf' }],
    ['sticker', { link: 'https://example.org/a.webp' }],
    ['location', { latitude: '1.5', longitude: -2 }],
    ['contacts', [{ name: { formatted_name: 'Ana', first_name: 'Ana' } }]],
    ['reaction', { message_id: 'wamid.x', emoji: '' }],
    [
      'interactive',
      {
        type: 'button',
        body: { text: 'b' },
        action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
      },
    ],
    ['template', { name: 'hello_world', language: { code: 'en_US' } }],
  ])('accepts %s', async (type, content) => {
    const simulator = await makeSimulator(cleanup);
    const body = { messaging_product: 'whatsapp', to: person, type, [type]: content };
    const { status, json } = await call(simulator, 'POST', `/${business}/messages`, body);
    expect(status).toBe(200);
    expect(json.messages[0].message_status).toBe(type === 'template' ? 'accepted' : undefined);
    expect(simulator.calls()).toMatchObject([{ type, outcome: 'accepted', http: 200 }]);
  });

  test('keeps to the throughput of each number', async () => {
    const simulator = await makeSimulator(cleanup, { throughput: 2, clock: { now: () => 0, after: () => () => {} } });
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await sendText(simulator, person)).json.error?.code);
    expect(codes).toEqual([undefined, undefined, 130429]);
    expect((await call(simulator, 'POST', '/999/messages', text(person))).status).toBe(200);
  });

  test('lets the fault switch force an outcome', async () => {
    const simulator = await makeSimulator(cleanup);
    simulator.setFault(({ to, token }) => (to === '5511987654321' && token === 'x' ? 'pair-rate-limited' : null));
    const answers = [];
    for (const token of ['x', 'x', 'y']) {
      answers.push((await sendText(simulator, person, 'hi', { biz_opaque_callback_data: token })).status);
    }
    simulator.setFault(null);
    expect(answers).toEqual([400, 400, 200]);
    simulator.setFault(() => {
      throw new Error('a mistake in a test');
    });
    expect((await sendText(simulator, person)).json.error.code).toBe(131000);
  });
});

test.each<[string, object, number]>([
  ['blanks as text', { text: { body: ' \n\t' } }, 131009],
  ['a latitude of 200', { type: 'location', location: { latitude: 200, longitude: 1 } }, 131009],
  ['a word as reaction', { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: 'ok' } }, 131009],
  ['an unknown field of the message', { text: { body: 'hi' }, priority: 'high' }, 100],
  ['an unknown field of the content', { text: { body: 'hi', bold: true } }, 100],
  [
    'two buttons with one title, but for blanks',
    {
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'b' },
        action: { buttons: ['Yes', 'Yes '].map((title, id) => ({ type: 'reply', reply: { id: `${id}`, title } })) },
      },
    },
    131009,
  ],
  [
    'a flow that is not there',
    {
      type: 'interactive',
      interactive: {
        type: 'flow',
        body: { text: 'b' },
        action: { name: 'flow', parameters: { flow_message_version: '3', flow_id: '9', flow_cta: 'Go' } },
      },
    },
    131009,
  ],
  [
    'an order whose sum is wrong',
    {
      type: 'interactive',
      interactive: {
        type: 'order_details',
        body: { text: 'b' },
        action: {
          name: 'review_and_pay',
          parameters: {
            reference_id: 'a',
            type: 'digital-goods',
            currency: 'INR',
            total_amount: { value: 5, offset: 100 },
            order: {
              status: 'pending',
              items: [{ name: 'a', amount: { value: 4, offset: 100 }, quantity: 1 }],
              subtotal: { value: 4, offset: 100 },
            },
          },
        },
      },
    },
    131009,
  ],
])('refuses %s', async (_name, content, code) => {
  const simulator = await makeSimulator(cleanup);
  const body = { messaging_product: 'whatsapp', to: person, ...content };
  const { status, json } = await call(simulator, 'POST', `/${business}/messages`, body);
  expect([status, json.error?.code]).toEqual([400, code]);
});

test('takes a flow that was added', async () => {
  const simulator = await makeSimulator(cleanup);
  expect((await call(simulator, 'POST', '/flows', { id: '9', name: 'menu' })).status).toBe(201);
  const action = { name: 'flow', parameters: { flow_message_version: '3', flow_name: 'menu', flow_cta: 'Go' } };
  const interactive = { type: 'flow', body: { text: 'b' }, action };
  const body = { messaging_product: 'whatsapp', to: person, type: 'interactive', interactive };
  expect((await call(simulator, 'POST', `/${business}/messages`, body)).status).toBe(200);
});

describe('hostile input', () => {
  const send = async (body: unknown, token?: string) => {
    const simulator = await makeSimulator(cleanup);
    const answer = await call(simulator, 'POST', `/v24.0/${business}/messages`, body, token);
    expect(simulator.ledger.entries()).toHaveLength(0);
    return answer;
  };

  test.each([
    ['a wrong token', text(person), 'wrong', 401, 190],
    ['bad JSON', '{"to":', undefined, 400, 100],
    ['no body', '', undefined, 400, 100],
    ['JSON that is nested too deep', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, undefined, 400, 100],
    ['an array', [], undefined, 400, 100],
    ['null', 'null', undefined, 400, 100],
    ['another product', { ...text(person), messaging_product: 'sms' }, undefined, 400, 100],
    ['no recipient', { ...text(person), to: undefined }, undefined, 400, 131008],
    ['a number as recipient', { ...text(person), to: 5511987654321 }, undefined, 400, 100],
    ['a word as recipient', text('everybody'), undefined, 400, 131009],
    ['a group', { ...text(person), recipient_type: 'group' }, undefined, 400, 131009],
    ['an unknown type', { ...text(person), type: 'poll' }, undefined, 400, 131051],
    ['a type of every object', { ...text(person), type: 'constructor' }, undefined, 400, 131051],
    ['no object of the type', { ...text(person), type: 'image' }, undefined, 400, 131008],
    ['no text', { ...text(person), text: {} }, undefined, 400, 131008],
    ['an empty text', text(person, ''), undefined, 400, 131009],
    ['a long text', text(person, 'x'.repeat(4097)), undefined, 400, 131009],
    ['a number as text', { ...text(person), text: { body: 5 } }, undefined, 400, 100],
    ['neither id nor link', { ...text(person), type: 'image', image: {} }, undefined, 400, 131008],
    ['id and link', { ...text(person), type: 'image', image: { id: '1', link: 'http://a.b' } }, undefined, 400, 131009],
    [
      'a link of another kind',
      { ...text(person), type: 'image', image: { link: 'file:///a' } },
      undefined,
      400,
      131009,
    ],
    [
      'a long caption',
      { ...text(person), type: 'video', video: { id: '1', caption: 'x'.repeat(1025) } },
      undefined,
      400,
      131009,
    ],
    ['a caption on audio', { ...text(person), type: 'audio', audio: { id: '1', caption: 'x' } }, undefined, 400, 100],
    ['a long token', { ...text(person), biz_opaque_callback_data: 'x'.repeat(513) }, undefined, 400, 131009],
  ])('%s is rejected', async (_what, body, token, status, code) => {
    const answer = await send(body, token);
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
    expect(answer.json.error).toMatchObject({
      message: expect.stringContaining(`#${code}`),
      type: 'OAuthException',
      error_data: { messaging_product: 'whatsapp', details: expect.any(String) },
      fbtrace_id: expect.stringMatching(/^SIM/),
    });
  });

  test('other routes, content types and sizes get Graph errors too', async () => {
    const simulator = await makeSimulator(cleanup);
    const url = `${simulator.url}/${business}/messages`;
    const authorization = `Bearer test-access`;
    const asForm = await fetch(url, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ to: '1' }),
    });
    expect([asForm.status, ((await asForm.json()) as { error: { code: number } }).error.code]).toEqual([400, 100]);
    expect((await fetch(url, { method: 'POST' })).status).toBe(401);
    expect((await call(simulator, 'POST', `/${business}/messages`, `"${'x'.repeat(3_200_000)}"`)).json.error.code).toBe(
      100,
    );
    expect((await call(simulator, 'POST', '/not-a-number/messages', text(person))).json.error).toMatchObject({
      code: 100,
      error_subcode: 33,
      type: 'GraphMethodException',
    });
    expect((await call(simulator, 'GET', '/phones/%zz')).json.error.code).toBe(100);
  });
});

describe('a business number', () => {
  test('describes itself, and only the fields that were asked for', async () => {
    const simulator = await makeSimulator(cleanup);
    const registered = { phone_number_id: business, display_phone_number: '+1 (555) 078-3881' };
    expect((await call(simulator, 'POST', '/numbers', registered)).status).toBe(201);
    expect((await call(simulator, 'GET', `/v24.0/${business}`)).json).toEqual({
      id: business,
      display_phone_number: '+15550783881',
      verified_name: 'Simulated business',
      quality_rating: 'GREEN',
    });
    expect((await call(simulator, 'GET', `/${business}?fields=quality_rating,toString`)).json).toEqual({
      id: business,
      quality_rating: 'GREEN',
    });
    expect((await call(simulator, 'GET', `/${business}`, undefined, 'wrong')).json.error.code).toBe(190);
    expect((await sendText(simulator, '+15550783881')).json.error.code).toBe(131021);
  });

  test('marks what it read, and all before it, with blue ticks on the phone', async () => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    const ids: string[] = [];
    for (const body of ['one', 'two', 'three']) {
      const written = { to: business, type: 'text', text: { body } };
      ids.push((await call(simulator, 'POST', `/phones/${person}/messages`, written)).json.id);
    }
    const read = (message_id: unknown) =>
      call(simulator, 'POST', `/v24.0/${business}/messages`, {
        messaging_product: 'whatsapp',
        status: 'read',
        message_id,
        typing_indicator: { type: 'text' },
      });
    expect((await read(ids[1])).json).toEqual({ success: true });
    const screen = (await call(simulator, 'GET', `/phones/${person}`)).json;
    expect(screen.threads[0].messages.map((each: { status: string }) => each.status)).toEqual(['read', 'read', 'sent']);
    expect((await read('wamid.unknown')).json.error.code).toBe(131009);
    expect((await read(7)).json.error.code).toBe(100);
    expect(
      (
        await call(simulator, 'POST', '/777/messages', {
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: ids[0],
        })
      ).status,
    ).toBe(400);
  });
});
