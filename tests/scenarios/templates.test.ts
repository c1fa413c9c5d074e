// Templates: which there are, what is sent with them, and what is rejected before it is accepted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario.close());

const text = (value: string) => ({ type: 'text', text: value });
const reminder = (...values: string[]) => ({
  name: 'appointment_reminder',
  language: { code: 'en_US' },
  components: [{ type: 'body', parameters: values.map(text) }],
});
const send = (template: object, more: object = {}, headers: Record<string, string> = {}) =>
  scenario.api(
    'POST',
    '/api/v1/messages',
    { account_id: scenario.account.id, to: '+33612001001', type: 'template', template, ...more },
    headers,
  );

test('an account of the Sandbox has three approved templates from the start', async () => {
  const { body } = await scenario.api('GET', '/api/v1/templates');
  expect(body.data.map(({ name, status, language }: Record<string, string>) => [name, language, status])).toEqual([
    ['one_time_code', 'en_US', 'APPROVED'],
    ['appointment_reminder', 'en_US', 'APPROVED'],
    ['hello_world', 'en_US', 'APPROVED'],
  ]);
  const [{ id }] = body.data;
  expect((await scenario.api('GET', `/api/v1/templates/${id}`)).body).toMatchObject({
    id,
    category: 'AUTHENTICATION',
    history: [{ change: 'created', from: null, to: 'APPROVED', reason: null }],
  });
});

describe('a template message', () => {
  test('of a template without variables is sent and read', async () => {
    const sent = await send({ name: 'hello_world', language: { code: 'en_US' } });
    expect(sent).toMatchObject({ status: 202, body: { type: 'template', template: { text: 'Hello World' } } });
    await scenario.settle();
    expect(await scenario.message(sent.body.id)).toMatchObject({ status: 'read', template: { name: 'hello_world' } });
  });

  test('shows the text that the person reads, and a repeat has the same bytes', async () => {
    const headers = { 'idempotency-key': 'reminder-1' };
    const sent = await send(reminder('Ana', 'Monday'), {}, headers);
    expect(sent.body.template.text).toBe('Hello Ana, we remind you of your appointment on Monday. Reply to change it.');
    await scenario.settle();
    const again = await send(reminder('Ana', 'Monday'), {}, headers);
    expect([again.headers.get('idempotent-replayed'), again.text]).toEqual(['true', sent.text]);
    const thread = await fetch(`${scenario.simulator.url}/phones/33612001001`).then(answer => answer.text());
    expect(thread).toContain('appointment_reminder');
    expect(thread).toContain('"content":{"name":"hello_world","language":{"code":"en_US"}}');
  });

  test('of an unknown template or language is rejected with the nearest names', async () => {
    expect(await send({ ...reminder('Ana', 'Monday'), name: 'apointment_reminder' })).toMatchObject({
      status: 404,
      body: {
        code: 'template_not_found',
        errors: [{ field: 'template.name', message: expect.stringMatching(/ones are appointment_reminder, /) }],
      },
    });
    expect(await send({ ...reminder('Ana', 'Monday'), language: { code: 'pt_PT' } })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'template.language.code', message: 'Must be one of en_US for this template.' }] },
    });
  });

  test('with values that do not fit is rejected with the field', async () => {
    expect(await send(reminder('Ana'))).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [
          {
            field: 'template.components[0].parameters',
            message: 'Must have 2 parameters for the body (1, 2), and has 1.',
          },
        ],
      },
    });
    expect(await send(reminder('Ana', 'one\nday'))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'template.components[0].parameters[1].text' }] },
    });
  });
});

/** The workspace's business account, at the simulator. */
async function businessAccount(): Promise<string> {
  return (await scenario.api('GET', '/api/v1/templates')).body.data[0].business_account_id;
}
const definition = (name: string, more: object = {}) => ({
  account_id: scenario.account.id,
  name,
  language: 'en_US',
  category: 'UTILITY',
  components: [
    {
      type: 'BODY',
      text: 'Hello {{1}}, your order {{2}} is on its way.',
      example: { body_text: [['Ana', '4711']] },
    },
  ],
  ...more,
});
const show = async (id: string) => (await scenario.api('GET', `/api/v1/templates/${id}`)).body;
const create = async (name: string, more: object = {}) => {
  const answer = await scenario.api('POST', '/api/v1/templates', definition(name, more));
  expect(answer).toMatchObject({ status: 201, body: { name, channel_template_id: expect.any(String) } });
  return answer.body;
};

describe('making templates', () => {
  test('one is created, approved by WhatsApp, sent, changed and deleted', async () => {
    const made = await create('order_shipped');
    await expect.poll(async () => (await show(made.id)).status).toBe('APPROVED');
    const shipped = { ...reminder('Ana', '4711'), name: 'order_shipped' };
    expect((await send(shipped)).status).toBe(202);
    const change = { components: [{ type: 'BODY', text: 'Your order is on its way to you.' }] };
    const changed = await scenario.api('PATCH', `/api/v1/templates/${made.id}`, change);
    expect(changed).toMatchObject({ status: 200, body: { status: 'PENDING', components: change.components } });
    expect(await send(shipped)).toMatchObject({ status: 409, body: { code: 'template_not_approved' } });
    await expect.poll(async () => (await show(made.id)).status).toBe('APPROVED');
    const again = await scenario.api('PATCH', `/api/v1/templates/${made.id}`, change);
    expect(again).toMatchObject({
      status: 400,
      body: {
        errors: [
          { field: 'components', message: 'WhatsApp says: An approved template can be edited once in 24 hours.' },
        ],
      },
    });
    expect((await scenario.api('DELETE', `/api/v1/templates/${made.id}`)).body.deleted_at).not.toBe(null);
    expect((await send(shipped)).status).toBe(404);
    expect((await show(made.id)).history.map(({ change }: { change: string }) => change)).toEqual(
      expect.arrayContaining(['created', 'status', 'components', 'deleted']),
    );
    const audited = await scenario.api('GET', `/api/v1/audit?target_id=${made.id}`);
    expect(audited.body.data.map(({ action }: { action: string }) => action).sort()).toEqual([
      'template.created',
      'template.deleted',
      'template.updated',
    ]);
  });

  test('what WhatsApp would reject is rejected with its field, before WhatsApp is asked', async () => {
    const before = scenario.simulator.templates.of(await businessAccount()).length;
    const attempts: [object, string][] = [
      [
        { components: [{ type: 'BODY', text: 'Hello {{1}}, how are you today my friend?' }] },
        'components[0].example.body_text',
      ],
      [
        { components: [{ type: 'BODY', text: '{{1}} is your order number today.', example: { body_text: [['1']] } }] },
        'components[0].text',
      ],
      [{ components: [{ type: 'FOOTER', text: 'Bye' }] }, 'components'],
      [{ category: 'AUTHENTICATION' }, 'components[0].text'],
      [{ name: 'Order' }, 'name'],
    ];
    for (const [more, field] of attempts) {
      const { status, body } = await scenario.api('POST', '/api/v1/templates', definition('refused', more));
      expect([status, body.errors[0].field]).toEqual([400, field]);
    }
    expect(scenario.simulator.templates.of(await businessAccount())).toHaveLength(before);
  });

  test('a header has a file of ours as its sample', async () => {
    const form = new FormData();
    form.set('file', new Blob(['%PDF-1.4\n%%EOF\n'], { type: 'application/pdf' }), 'menu.pdf');
    const address = scenario.recado.server?.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const uploaded = await fetch(`http://127.0.0.1:${port}/api/v1/media`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await scenario.token()}` },
      body: form,
    });
    const { id } = (await uploaded.json()) as { id: string };
    const header = { type: 'HEADER', format: 'DOCUMENT', example: { media_id: id } };
    const made = await create('menu', { components: [header, { type: 'BODY', text: 'Here is our menu of today.' }] });
    expect(made.components[0].example).toEqual({ header_handle: [expect.stringMatching(/^4::/)] });
  });

  test('of products, GIFs, calls and orders are sent with the values that WhatsApp wants', async () => {
    const said = { type: 'BODY', text: 'Look at what we have today.' };
    const gif = { type: 'HEADER', format: 'GIF', example: { header_handle: ['4::abc'] } };
    const ofProduct = { type: 'HEADER', format: 'PRODUCT' };
    const buttons = (...all: object[]) => ({ type: 'BUTTONS', buttons: all });
    const card = { components: [ofProduct, buttons({ type: 'SPM', text: 'View' })] };
    const link = { type: 'URL', text: 'Open', url: 'https://example.com/app' };
    const deep = { meta_app_id: '1', android_deep_link: 'shop://soup' };
    const definitions: Record<string, object[]> = {
      kind_gif: [gif, said, buttons({ ...link, app_deep_link: deep }, { type: 'CATALOG', text: 'All' })],
      kind_product: [ofProduct, said, buttons({ type: 'SPM', text: 'View' })],
      kind_products: [said, { type: 'CAROUSEL', cards: [card, card] }],
      kind_call: [said, buttons({ type: 'VOICE_CALL', text: 'Call us', ttl_minutes: 60 })],
      kind_ask: [said, { type: 'CALL_PERMISSION_REQUEST' }],
      kind_order: [said, buttons({ type: 'ORDER_DETAILS', text: 'Pay' })],
    };
    const product = (id: string) => ({
      type: 'header',
      parameters: [{ type: 'product', product: { product_retailer_id: id, catalog_id: '1' } }],
    });
    const button = (sub_type: string, index: string, ...parameters: object[]) => ({
      type: 'button',
      sub_type,
      index,
      parameters,
    });
    const catalog = { type: 'action', action: { thumbnail_product_retailer_id: 'soup' } };
    const order = { type: 'action', action: { order_details: { reference_id: 'a', currency: 'INR' } } };
    const ttl = { type: 'ttl_minutes', ttl_minutes: 100 };
    const film = { type: 'header', parameters: [{ type: 'gif', gif: { link: 'https://example.com/a.mp4' } }] };
    const values: Record<string, object[]> = {
      kind_gif: [film, button('catalog', '1', catalog)],
      kind_product: [product('soup')],
      kind_products: [
        { type: 'carousel', cards: [0, 1].map(at => ({ card_index: at, components: [product(`soup-${at}`)] })) },
      ],
      kind_call: [button('voice_call', '0', ttl, { type: 'payload', payload: 'desk' })],
      kind_ask: [],
      kind_order: [button('order_details', '0', order)],
    };
    const names = Object.keys(definitions);
    const made = await Promise.all(
      names.map(name => create(name, { category: 'MARKETING', components: definitions[name] })),
    );
    for (const { id } of made) await expect.poll(async () => (await show(id)).status).toBe('APPROVED');
    // Meta's samples name the kind of a button in capitals.
    const inCapitals = JSON.parse(
      JSON.stringify(values).replace(/"sub_type":"(\w+)"/g, name => name.toUpperCase().replace('SUB_TYPE', 'sub_type')),
    );
    for (const [place, name] of names.entries()) {
      const to = `+3361200120${place}`;
      const sent = await send({ name, language: { code: 'en_US' }, components: inCapitals[name] }, { to });
      expect([name, sent.status, sent.body.errors]).toEqual([name, 202, undefined]);
      await scenario.settle();
      const answer = await fetch(`${scenario.simulator.url}/phones/${to.slice(1)}`);
      const { threads } = (await answer.json()) as { threads: { messages: { content: unknown }[] }[] };
      expect(threads[0]?.messages.at(-1)?.content).toEqual({
        name,
        language: { code: 'en_US' },
        components: values[name],
      });
      expect((await scenario.message(sent.body.id)).template.components).toEqual(values[name]);
    }
    const refused: [string, object[], string][] = [
      ['kind_product', [film], 'template.components[0].parameters[0].type'],
      ['kind_gif', [product('soup')], 'template.components[0].parameters[0].type'],
      ['kind_order', [], 'template.components'],
      ['kind_call', [button('voice_call', '0', order)], 'template.components[0].parameters[0].type'],
      ['kind_call', [button('voice_call', '0', ttl, ttl)], 'template.components[0].parameters'],
      ['kind_gif', [film, button('catalog', '1', catalog, ttl)], 'template.components[1].parameters'],
    ];
    for (const [name, components, field] of refused) {
      const { status, body } = await send({ name, language: { code: 'en_US' }, components });
      expect([name, status, body.errors?.map((error: { field: string }) => error.field)]).toEqual([name, 400, [field]]);
    }
  });

  test('a sync leaves the seeded templates as they are, and notices what appeared and vanished at WhatsApp', async () => {
    const sync = () => scenario.api('POST', '/api/v1/templates/sync', {});
    await sync();
    const { body } = await sync();
    expect(body.business_accounts).toMatchObject([{ changed: 0, error: null }]);
    const [seeded] = (await scenario.api('GET', '/api/v1/templates?name=hello_world')).body.data;
    expect((await show(seeded.id)).history).toHaveLength(1);
    const made = await create('gone_at_meta');
    await expect.poll(async () => (await show(made.id)).status).toBe('APPROVED');
    const url = `${scenario.simulator.url}/${await businessAccount()}/message_templates?name=gone_at_meta`;
    await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${scenario.secrets.accessToken}` } });
    expect((await sync()).body.business_accounts).toMatchObject([{ changed: 1 }]);
    expect((await show(made.id)).deleted_at).not.toBe(null);
  });
});

describe('a template that WhatsApp pauses', () => {
  test('in the middle: what is queued waits, and leaves after the pause', async () => {
    const made = await create('weekly_news', { category: 'MARKETING' });
    await expect.poll(async () => (await show(made.id)).status).toBe('APPROVED');
    const news = { ...reminder('Ana', 'seven'), name: 'weekly_news' };
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
    const queued = (await send(news, { to: '+33612001101' })).body.id;
    const behind = await scenario.send('+33612001101', 'and this');
    scenario.simulator.templates.act(made.channel_template_id, 'pause');
    await scenario.settle();
    expect(await show(made.id)).toMatchObject({
      status: 'PAUSED',
      reason: 'FIRST_PAUSE',
      history: [{ change: 'status', from: 'APPROVED', to: 'PAUSED' }, {}, {}],
    });
    expect(await send(news)).toMatchObject({ status: 409, body: { code: 'template_not_approved' } });
    await scenario.recado.sweeper?.sweep();
    expect(await scenario.message(queued)).toMatchObject({
      status: 'queued',
      waiting: { reason: 'template_paused', until: null },
    });
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
    await scenario.settle();
    // Nothing waits behind it.
    expect(await scenario.message(behind.id)).toMatchObject({ status: 'read' });
    scenario.simulator.templates.act(made.channel_template_id, 'unpause');
    await scenario.settle();
    await expect
      .poll(async () => {
        await scenario.recado.sweeper?.sweep();
        await scenario.settle();
        return (await scenario.message(queued)).status;
      })
      .toBe('read');
    expect((await scenario.sql('select * from check_queue()')).length).toBe(0);
  });

  test('holds a scheduled message when its time comes, before any call', async () => {
    const made = await create('later_news', { category: 'MARKETING' });
    await expect.poll(async () => (await show(made.id)).status).toBe('APPROVED');
    const news = { ...reminder('Ana', 'seven'), name: 'later_news' };
    const send_at = new Date(scenario.clock.now() + 3_600_000).toISOString();
    const scheduled = (await send(news, { to: '+33612001103', send_at })).body.id;
    scenario.simulator.templates.act(made.channel_template_id, 'pause');
    await scenario.settle();
    await scenario.recado.sweeper?.sweep();
    expect(await scenario.message(scheduled)).toMatchObject({ status: 'scheduled' });
    // Its time comes.
    await scenario.sql('update open_message set ready_at = clock_timestamp() where id = $1', [toUuid(scheduled)]);
    await scenario.recado.sweeper?.sweep();
    await scenario.settle();
    const waits = { status: 'queued', waiting: { reason: 'template_paused', until: null }, attempts: [] };
    expect(await scenario.message(scheduled)).toMatchObject(waits);
    expect((await scenario.sql('select * from check_queue()')).length).toBe(0);
    scenario.simulator.templates.act(made.channel_template_id, 'unpause');
    await scenario.settle();
    await expect
      .poll(async () => {
        await scenario.recado.sweeper?.sweep();
        await scenario.settle();
        return (await scenario.message(scheduled)).status;
      })
      .toBe('read');
  });

  test('of which no notice came: the refused message waits, or fails where the account wants that', async () => {
    const made = await create('daily_news', { category: 'MARKETING' });
    await expect.poll(async () => (await show(made.id)).status).toBe('APPROVED');
    const news = { ...reminder('Ana', 'seven'), name: 'daily_news' };
    // The simulator pauses it, and nobody hears of it.
    scenario.simulator.setCallbackUrl(null);
    scenario.simulator.templates.act(made.channel_template_id, 'pause');
    const held = (await send(news, { to: '+33612001102' })).body.id;
    await expect
      .poll(async () => {
        await scenario.recado.sweeper?.sweep();
        return (await scenario.message(held)).waiting?.reason;
      })
      .toBe('template_paused');
    expect(await show(made.id)).toMatchObject({ status: 'PAUSED', reason: '132015' });
    expect((await scenario.message(held)).attempts).toMatchObject([{ class: 'deferred', code: '132015' }]);
    const { id } = scenario.account;
    await scenario.api('PATCH', `/api/v1/accounts/${id}`, { delivery: { on_template_paused: 'fail' } });
    await scenario.sql(`update template set status = 'APPROVED', version = version + 1 where name = 'daily_news'`);
    await expect
      .poll(async () => {
        await scenario.recado.sweeper?.sweep();
        return (await scenario.message(held)).error?.code;
      })
      .toBe('132015');
    await scenario.api('PATCH', `/api/v1/accounts/${id}`, { delivery: { on_template_paused: 'hold' } });
    const address = scenario.recado.server?.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    scenario.simulator.setCallbackUrl(`http://127.0.0.1:${port}/webhooks/whatsapp/sandbox`);
    await scenario.settle();
  });

  test('or re-classes, rejects or judges leaves its history', async () => {
    const made = await create('judged');
    await expect.poll(async () => (await show(made.id)).status).toBe('APPROVED');
    const { act } = scenario.simulator.templates;
    act(made.channel_template_id, 'reclass', { category: 'MARKETING' });
    act(made.channel_template_id, 'quality', { quality: 'RED' });
    act(made.channel_template_id, 'reject', { reason: 'PROMOTIONAL' });
    await scenario.settle();
    expect(await show(made.id)).toMatchObject({
      category: 'MARKETING',
      quality: 'RED',
      status: 'REJECTED',
      reason: 'PROMOTIONAL',
      history: [
        { change: 'status', to: 'REJECTED', reason: 'PROMOTIONAL' },
        { change: 'quality', to: 'RED' },
        { change: 'category', from: 'UTILITY', to: 'MARKETING' },
        { change: 'status', from: 'PENDING', to: 'APPROVED' },
        { change: 'created' },
      ],
    });
  });
});

describe('a one-time code', () => {
  const code = (more: object = {}) =>
    scenario.api('POST', '/api/v1/otp', {
      account_id: scenario.account.id,
      to: '+33612001201',
      code: '482913',
      ...more,
    });

  test('is sent with one call, by the authentication template, and only while it is valid', async () => {
    const sent = await code();
    expect(sent).toMatchObject({
      status: 202,
      body: { type: 'template', priority: 'high', template: { name: 'one_time_code' }, expires_at: expect.any(String) },
    });
    expect(sent.body.template.text).toMatch(/^\*482913\* is your verification code/);
    expect(Date.parse(sent.body.expires_at) - Date.parse(sent.body.created_at)).toBe(600_000);
    await scenario.settle();
    expect(await scenario.message(sent.body.id)).toMatchObject({ status: 'read' });
  });

  test('is sent by a template that was just made, once WhatsApp has written its text', async () => {
    const made = await scenario.api('POST', '/api/v1/templates', {
      account_id: scenario.account.id,
      name: 'login_code',
      language: 'en_US',
      category: 'AUTHENTICATION',
      components: [
        { type: 'BODY', add_security_recommendation: true },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
      ],
    });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    const sent = async () => {
      await scenario.recado.sweeper?.sweep();
      await scenario.settle();
      return (await code({ template: 'login_code' })).body.template?.text;
    };
    await expect.poll(sent, { timeout: 20_000 }).toMatch(/^\*482913\* is your verification code/);
  });

  test('needs an approved template of that kind', async () => {
    expect(await code({ template: 'hello_world' })).toMatchObject({
      status: 409,
      body: { code: 'no_code_template', errors: [{ field: 'template' }] },
    });
    expect(await code({ code: 'a code with spaces' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'code' }] },
    });
  });
});
