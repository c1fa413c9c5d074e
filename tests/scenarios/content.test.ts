// What can be sent: every example of Meta's document, each type to the phone, recipients, limits, reactions, typing.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { becomes, makers, png, upload } from '../setup/media-files.ts';
import type { Answer, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

// biome-ignore lint/suspicious/noExplicitAny: what JSON parses to.
type Json = Record<string, any>;

const person = '+12025550147';
const digits = person.slice(1);
let scenario: Scenario;
/** A message that the person wrote. */
let received: Json;

async function hears(body: string, from = digits): Promise<Json> {
  const answer = await fetch(`${scenario.simulator.url}/phones/${from}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, type: 'text', text: { body } }),
  });
  const { id } = (await answer.json()) as Json;
  await scenario.settle();
  return (await scenario.api('GET', `/api/v1/messages?channel_message_id=${encodeURIComponent(id)}`)).body.data[0];
}

beforeAll(async () => {
  scenario = await openWorkspace();
  // One person gets all of it, at once.
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { limits: { recipient: null } });
  received = await hears('Hello');
});
afterAll(() => scenario.close());

const send = (type: string, content: unknown, more: Json = { to: person }): Promise<Answer> =>
  scenario.api('POST', '/api/v1/messages', { account_id: scenario.account.id, type, [type]: content, ...more });

async function accepted(type: string, content: unknown, more?: Json): Promise<Json> {
  const { status, body } = await send(type, content, more);
  expect({ status, errors: body.errors }).toEqual({ status: 202, errors: undefined });
  return body;
}

/** What the phone got of a message. */
async function atPhone(id: string, number = digits): Promise<Json> {
  const { channel_message_id: wamid } = await scenario.message(id);
  const { threads } = (await (await fetch(`${scenario.simulator.url}/phones/${number}`)).json()) as Json;
  return threads.flatMap((thread: Json) => thread.messages).find((each: Json) => each.id === wamid);
}

/** The chat with us on a phone. */
async function threadOf(number: string): Promise<Json> {
  const { threads } = (await (await fetch(`${scenario.simulator.url}/phones/${number}`)).json()) as Json;
  return threads.find((thread: Json) => thread.phone_number_id === scenario.account.phone_number_id);
}

const fieldsOf = ({ body }: Answer): string[] => body.errors?.map(({ field }: Json) => field);

describe('every example of Meta’s document', () => {
  const examples: Record<string, Json> = JSON.parse(
    readFileSync(new URL('../samples/meta-messages.json', import.meta.url), 'utf8'),
  );
  const noTemplate = 'the Sandbox has no such template';
  /** The fields that an example breaks, and why; each other one is accepted and arrives as it is. */
  const rejected: Record<string, [fields: string[], reason: string]> = {
    'Send Order Status Message': [['interactive.action.parameters.reference_id'], 'its placeholder is too long'],
    'Send Multi-Product Message': [['interactive.header.type'], 'its header is a placeholder'],
    'Send Text Message with Preview URL': [['type'], 'our API has no default type'],
    'Send Reply to List Message': [['type'], 'it has no type'],
    'Send typing indicator and read receipt': [['type'], 'it is POST /conversations/:id/typing'],
    'Send Catalog Template Message': [[], noTemplate],
    'Send Flow Template Message': [[], noTemplate],
    'Send Message Template Interactive': [[], noTemplate],
    'Send Message Template Media': [[], noTemplate],
    'Send Message Template Text': [[], noTemplate],
    'Send Sample Issue Resolution Template': [[], noTemplate],
    'Send Sample Shipping Confirmation Template': [[], noTemplate],
    'Send Sample Text Message': [[], noTemplate],
  };
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    for (const [kind, { make, type }] of Object.entries(makers)) {
      const { body } = await uploadAs(make(), type, kind);
      ids[kind] = body.id;
    }
  });

  /** An example in our words: our recipient, files and messages; the placeholders of links are links. */
  function translated({ messaging_product: _product, recipient_type: _type, ...example }: Json): Json {
    const kind = example.type;
    const file = example[kind];
    if (file?.id !== undefined) file.id = ids[kind];
    const text = JSON.stringify({ ...example, account_id: scenario.account.id, to: person })
      .replaceAll(/"<?http\(s\):\/\/[^"]*"/g, '"https://example.com/file"')
      .replaceAll(/"flow_id":"[^"]*"/g, '"flow_id":"123"')
      .replaceAll(/"flow_name":"[^"]*"/g, '"flow_name":"booking"')
      .replaceAll(/"message_id":"[^"]*"/g, `"message_id":"${received.id}"`);
    return JSON.parse(text);
  }

  test.each(Object.keys(examples))('%s', async name => {
    const body = translated(structuredClone(examples[name] ?? {}));
    const answer = await scenario.api('POST', '/api/v1/messages', body);
    const known = rejected[name];
    if (known) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      if (known[0].length > 0) expect(fieldsOf(answer)).toEqual(expect.arrayContaining(known[0]));
      return;
    }
    expect({ status: answer.status, errors: answer.body.errors }).toEqual({ status: 202, errors: undefined });
    // The links lead nowhere that the simulator could reach.
    if (JSON.stringify(body).includes('https://example.com/file')) return;
    await becomes(scenario, answer.body.id, body.type === 'reaction' ? 'sent' : 'read');
    const got = await atPhone(answer.body.id);
    expect(got.type).toBe(body.type);
    const { id: _id, ...rest } = body.type === 'reaction' ? { emoji: body.reaction.emoji } : body[body.type];
    if (!Array.isArray(body[body.type])) expect(got.content).toMatchObject(rest);
    else expect(got.content).toEqual(body[body.type]);
  });
});

const uploadAs = (bytes: Buffer, type: string, kind?: string) =>
  upload({ ...scenario, token: scenario.token }, { bytes, type, ...(kind && { fields: { kind } }) });

describe('each type reaches the phone as it was sent', () => {
  const button = (id: string, title: string) => ({ type: 'reply', reply: { id, title } });
  const reply = { body: { text: 'Come?' }, footer: { text: 'Until Friday' } };
  const flow = {
    flow_message_version: '3',
    flow_id: '123',
    flow_cta: 'Book',
    flow_action: 'navigate',
    flow_action_payload: { screen: 'FIRST', data: { a: [1] } },
  };
  const cardOf = (place: number, action: object, more: object = {}) => ({
    card_index: place,
    header: { type: 'image', image: { link: `https://example.com/${place}.jpg` } },
    action,
    ...more,
  });
  const open = { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://example.com/?a=1' } };
  const choose = (id: string) => ({ buttons: [{ type: 'quick_reply', quick_reply: { id, title: 'This' } }] });
  const inCents = (value: number) => ({ value, offset: 100 });
  const order = {
    reference_id: 'order-4711',
    type: 'physical-goods',
    currency: 'BRL',
    total_amount: inCents(2_150),
    payment_type: 'br',
    payment_settings: [{ type: 'pix_dynamic_code', pix_dynamic_code: { code: '00020101', merchant_name: 'Shop' } }],
    order: {
      status: 'pending',
      items: [{ retailer_id: 'soup', name: 'Soup', amount: inCents(1_000), quantity: 2 }],
      subtotal: inCents(2_000),
      tax: { ...inCents(100), description: 'VAT' },
      shipping: inCents(50),
    },
  };
  test.each<[string, string, unknown]>([
    [
      'a carousel of links',
      'interactive',
      {
        type: 'carousel',
        body: { text: 'Two soups' },
        action: { cards: [cardOf(0, open, { type: 'cta_url', body: { text: 'Onion' } }), cardOf(1, open)] },
      },
    ],
    [
      'a carousel of replies',
      'interactive',
      { type: 'carousel', body: { text: 'Two' }, action: { cards: [cardOf(0, choose('a')), cardOf(1, choose('b'))] } },
    ],
    ['a product', 'interactive', { type: 'product', action: { catalog_id: '1', product_retailer_id: 'soup' } }],
    [
      'products',
      'interactive',
      {
        type: 'product_list',
        header: { type: 'text', text: 'Soups' },
        ...reply,
        action: { catalog_id: '1', sections: [{ title: 'Hot', product_items: [{ product_retailer_id: 'soup' }] }] },
      },
    ],
    [
      'a catalog',
      'interactive',
      {
        type: 'catalog_message',
        ...reply,
        action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'soup' } },
      },
    ],
    [
      'an address request',
      'interactive',
      {
        type: 'address_message',
        body: { text: 'Where to?' },
        action: {
          name: 'address_message',
          parameters: {
            country: 'IN',
            values: { city: 'Pune' },
            saved_addresses: [{ id: '1', value: { city: 'Goa' } }],
          },
        },
      },
    ],
    [
      'a call button',
      'interactive',
      {
        type: 'voice_call',
        ...reply,
        action: { name: 'voice_call', parameters: { display_text: 'Call us', ttl_minutes: 100, payload: 'desk' } },
      },
    ],
    [
      'a call permission request',
      'interactive',
      { type: 'call_permission_request', body: { text: 'May we?' }, action: { name: 'call_permission_request' } },
    ],
    [
      'an order to pay',
      'interactive',
      { type: 'order_details', ...reply, action: { name: 'review_and_pay', parameters: order } },
    ],
    [
      'the state of an order',
      'interactive',
      {
        type: 'order_status',
        ...reply,
        action: {
          name: 'review_order',
          parameters: { reference_id: 'order-4711', order: { status: 'shipped', description: 'On its way' } },
        },
      },
    ],
    ['a location', 'location', { latitude: 38.7, longitude: -9.13, name: 'Shop', address: 'Rua 1' }],
    ['contacts', 'contacts', [{ name: { formatted_name: 'Ana S', first_name: 'Ana' }, phones: [{ phone: '+1202' }] }]],
    [
      'buttons',
      'interactive',
      { type: 'button', ...reply, action: { buttons: [button('y', 'Yes'), button('n', 'No')] } },
    ],
    [
      'a list',
      'interactive',
      {
        type: 'list',
        header: { type: 'text', text: 'Menu' },
        ...reply,
        action: {
          button: 'Choose',
          sections: [{ title: 'Soup', rows: [{ id: '1', title: 'Onion', description: 'hot' }] }],
        },
      },
    ],
    [
      'a link button',
      'interactive',
      {
        type: 'cta_url',
        ...reply,
        action: { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://example.com/?a=1' } },
      },
    ],
    ['a flow', 'interactive', { type: 'flow', ...reply, action: { name: 'flow', parameters: flow } }],
    [
      'a location request',
      'interactive',
      { type: 'location_request_message', body: { text: 'Where?' }, action: { name: 'send_location' } },
    ],
    [
      'a contact request',
      'interactive',
      { type: 'request_contact_info', body: { text: 'Number?' }, action: { name: 'request_contact_info' } },
    ],
  ])('%s', async (_name, type, content) => {
    const message = await accepted(type, content);
    expect(message[type]).toEqual(content);
    await becomes(scenario, message.id, 'read');
    expect(await atPhone(message.id)).toMatchObject({ type, content });
    expect((await scenario.message(message.id))[type]).toEqual(content);
  });

  test('a picture of ours in a header', async () => {
    const { body: file } = await uploadAs(await png(), 'image/png');
    const header = (id: string) => ({ type: 'image', image: { id } });
    const content = { type: 'button', body: { text: 'Nice?' }, action: { buttons: [button('y', 'Yes')] } };
    const message = await accepted('interactive', { ...content, header: header(file.id) });
    await becomes(scenario, message.id, 'read');
    const got = await atPhone(message.id);
    expect(got.content).toMatchObject(content);
    expect(got.content.header.image.id).toMatch(/^\d+$/);
    expect((await scenario.message(message.id)).interactive.header).toEqual(header(file.id));
    const unknown = await send('interactive', { ...content, header: header('med_01k9m3q5w8e7taz4x2c6v0b1ne') });
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ field: 'interactive.header.image.id' }] } });
  });

  test('pictures of ours in the cards of a carousel', async () => {
    const files = [(await uploadAs(await png(), 'image/png')).body, (await uploadAs(await png(), 'image/png')).body];
    const withFile = (id: string, place: number) => cardOf(place, open, { header: { type: 'image', image: { id } } });
    const content = (...ids: string[]) => ({
      type: 'carousel',
      body: { text: 'Nice?' },
      action: { cards: ids.map(withFile) },
    });
    const message = await accepted('interactive', content(...files.map(({ id }) => id)));
    await becomes(scenario, message.id, 'read');
    for (const { header } of (await atPhone(message.id)).content.action.cards) expect(header.image.id).toMatch(/^\d+$/);
    const unknown = await send('interactive', content(files[0].id, 'med_01k9m3q5w8e7taz4x2c6v0b1ne'));
    expect(fieldsOf(unknown)).toEqual(['interactive.action.cards[1].header.image.id']);
  });

  test('the choice of a card comes back', async () => {
    const cards = [cardOf(0, choose('a')), cardOf(1, choose('b'))];
    const { id } = await accepted('interactive', { type: 'carousel', body: { text: 'Two' }, action: { cards } });
    const { channel_message_id: wamid } = await becomes(scenario, id, 'read');
    await fetch(`${scenario.simulator.url}/phones/${digits}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        to: scenario.account.phone_number_id,
        type: 'button_reply',
        button_reply: { message_id: wamid, id: 'b' },
      }),
    });
    await scenario.settle();
    const { data } = (await scenario.api('GET', '/api/v1/messages?type=interactive&direction=inbound')).body;
    expect(data[0]).toMatchObject({
      interactive: { type: 'button_reply', button_reply: { id: 'b', title: 'This' } },
      context: { message_id: id },
    });
  });

  test('a contact of one name gets its first name, which WhatsApp wants', async () => {
    const message = await accepted('contacts', [{ name: { formatted_name: 'Ana' } }]);
    await becomes(scenario, message.id, 'read');
    expect((await atPhone(message.id)).content).toEqual([{ name: { formatted_name: 'Ana', first_name: 'Ana' } }]);
  });

  test('a PNG goes as a document', async () => {
    const up = await uploadAs(await png(), 'image/png', 'document');
    expect(up).toMatchObject({ status: 201, body: { kind: 'document', mime_type: 'image/png' } });
    const message = await accepted('document', { id: up.body.id, filename: 'original' });
    await becomes(scenario, message.id, 'read');
    expect(await atPhone(message.id)).toMatchObject({ type: 'document', content: { filename: 'original' } });
  });

  test('a ZIP, which Meta does not take, is refused with the list of types: accounts on WhatsApp Web may send it', async () => {
    const zip = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(200, 1)]);
    const up = await uploadAs(zip, 'application/zip', 'document');
    expect(up).toMatchObject({ status: 201, body: { kind: 'document', mime_type: 'application/zip' } });
    expect(await send('document', { id: up.body.id })).toMatchObject({
      status: 400,
      body: {
        errors: [
          { field: 'document.id', message: expect.stringMatching(/application\/zip.*accepts application\/pdf, /) },
        ],
      },
    });
  });
});

describe('a message that names another one', () => {
  test('quotes what the person wrote, and what the account sent', async () => {
    for (const quoted of [received, await becomes(scenario, (await accepted('text', { body: 'One' })).id, 'read')]) {
      const message = await accepted('text', { body: 'Two' }, { to: person, context: { message_id: quoted.id } });
      expect(message.context).toEqual({ message_id: quoted.id, channel_message_id: quoted.channel_message_id });
      await becomes(scenario, message.id, 'read');
      expect((await scenario.message(message.id)).context).toEqual(message.context);
      const call = scenario.simulator.ledger.entries().find(each => each.wamid === quoted.channel_message_id);
      expect(call === undefined || call.to === digits).toBe(true);
    }
  });

  test('is rejected where WhatsApp cannot know the other, or it is elsewhere', async () => {
    const later = await accepted('text', { body: 'Later' }, { to: person, send_at: new Date(Date.now() + 3_600_000) });
    const quote = (message_id: string, to = person) => send('text', { body: 'x' }, { to, context: { message_id } });
    const missing = await quote('msg_01k9m3q5w8e7taz4x2c6v0b1n8');
    expect(missing.body.errors).toEqual([
      { field: 'context.message_id', message: 'Message not found in this account.' },
    ]);
    expect((await quote(later.id)).body.errors[0].message).toMatch(/^WhatsApp does not know the message yet/);
    expect((await quote(received.id, '+12025550148')).body.errors[0].message).toMatch(/conversation/);
  });

  test('a reaction is shown on its message, replaced and removed, and is never reported as undelivered', async () => {
    const react = async (emoji: string | null) => {
      const message = await accepted('reaction', { message_id: received.id, emoji });
      expect(message.reaction).toEqual({
        message_id: received.id,
        channel_message_id: received.channel_message_id,
        emoji,
      });
      await becomes(scenario, message.id, 'sent');
      return { message, target: await scenario.message(received.id) };
    };
    expect((await react('👍')).target.reactions).toMatchObject([{ from: 'account', emoji: '👍' }]);
    const { message, target } = await react('🙏🏽');
    expect(target.reactions).toEqual([{ from: 'account', emoji: '🙏🏽', at: expect.stringMatching(/Z$/) }]);
    expect((await atPhone(message.id)).content).toEqual({ message_id: received.channel_message_id, emoji: '🙏🏽' });
    const listed = await scenario.api('GET', `/api/v1/conversations/${received.conversation_id}/messages?limit=100`);
    expect(listed.body.data.find(({ id }: Json) => id === received.id).reactions).toHaveLength(1);
    const gone = await react(null);
    expect(gone.target.reactions).toEqual([]);
    expect((await atPhone(gone.message.id)).content).toEqual({ message_id: received.channel_message_id, emoji: '' });
    const own = await send('reaction', { message_id: message.id, emoji: '👍' });
    expect(own.body.errors).toEqual([{ field: 'reaction.message_id', message: 'Must not be a reaction itself.' }]);
    const words = await send('reaction', { message_id: received.id, emoji: 'ok' });
    expect(fieldsOf(words)).toEqual(['reaction.emoji']);
  });
});

describe('recipients', () => {
  test('a contact and a conversation lead to the same conversation as the number', async () => {
    for (const named of [
      { contact_id: received.contact_id },
      { conversation_id: received.conversation_id },
      { to: person },
    ]) {
      const message = await accepted('text', { body: 'Hi' }, named);
      expect(message).toMatchObject({ to: person, conversation_id: received.conversation_id });
    }
  });

  test.each<[string, Json, string[]]>([
    ['none', {}, ['to']],
    ['two', { to: person, contact_id: 'con_01k9m3q5w8e7taz4x2c6v0b1n6' }, ['contact_id']],
    ['a contact that is not there', { contact_id: 'con_01k9m3q5w8e7taz4x2c6v0b1n6' }, ['contact_id']],
    ['a conversation that is not there', { conversation_id: 'cnv_01k9m3q5w8e7taz4x2c6v0b1n7' }, ['conversation_id']],
    ['no user id', { user_id: '12025550147' }, ['user_id']],
  ])('%s: the field is named', async (_name, named, fields) => {
    const answer = await send('text', { body: 'Hi' }, named);
    expect({ status: answer.status, fields: fieldsOf(answer) }).toEqual({ status: 400, fields });
  });

  test('a person who hides their number is answered by their user id, in the same conversation', async () => {
    const hidden = '12025550151';
    const userId = 'US.13491208655302741918';
    await fetch(`${scenario.simulator.url}/phones/${hidden}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: userId, hides_number: true }),
    });
    const { contact_id, conversation_id } = await hears('Guess who', hidden);
    for (const named of [{ contact_id }, { conversation_id }, { user_id: userId }]) {
      const message = await accepted('text', { body: 'Hello' }, named);
      expect(message).toMatchObject({ to: null, contact_id, conversation_id });
      await becomes(scenario, message.id, 'read');
      expect(await atPhone(message.id, hidden)).toMatchObject({ content: { body: 'Hello' } });
    }
    const stranger = await accepted('text', { body: 'Hello' }, { user_id: 'US.1' });
    await scenario.settle();
    expect(await scenario.message(stranger.id)).toMatchObject({ status: 'failed', error: { code: '100' } });
  });

  test('a contact without any address cannot be written to', async () => {
    const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { name: 'Nobody' });
    const answer = await send('text', { body: 'Hi' }, { contact_id: contact.id });
    expect(answer.body.errors).toEqual([
      { field: 'contact_id', message: 'The contact has neither a phone number nor a user id that the channel knows.' },
    ]);
  });
});

describe('limits', () => {
  const button = (title: string, id = title) => ({ type: 'reply', reply: { id, title } });
  const buttons = (...all: object[]) => ({ type: 'button', body: { text: 'x' }, action: { buttons: all } });
  const row = (id: string) => ({ id, title: id });
  const list = (...sections: object[]) => ({ type: 'list', body: { text: 'x' }, action: { button: 'b', sections } });
  const film = { type: 'video', video: { link: 'https://example.com/a.mp4' } };
  const card = (place: number, text = 'x') => ({
    card_index: place,
    header: { type: 'image', image: { link: 'https://example.com/a.jpg' } },
    body: { text },
    action: { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://example.com' } },
  });
  const carousel = (count: number, text?: string) => ({
    type: 'carousel',
    body: { text: 'x' },
    action: { cards: Array.from({ length: count }, (_, place) => card(place, text)) },
  });
  const products = (count: number) => ({
    product_items: Array.from({ length: count }, (_, place) => ({ product_retailer_id: String(place) })),
  });
  const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => row(String(from + n)));
  test.each<[string, string, unknown, string[]]>([
    ['a caption', 'image', { link: 'https://example.com/a.png', caption: 'x'.repeat(1_025) }, ['image.caption']],
    [
      'titles of buttons',
      'interactive',
      buttons(button('a'.repeat(21)), button('b')),
      ['interactive.action.buttons[0].reply.title'],
    ],
    [
      'the same title twice',
      'interactive',
      buttons(button('a', '1'), button('a', '2')),
      ['interactive.action.buttons[1].reply.title'],
    ],
    [
      'four buttons',
      'interactive',
      buttons(...'abcd'.split('').map(each => button(each))),
      ['interactive.action.buttons'],
    ],
    [
      'eleven rows in two sections',
      'interactive',
      list({ title: 'A', rows: rows(0, 6) }, { title: 'B', rows: rows(6, 11) }),
      ['interactive.action.sections'],
    ],
    [
      'a section without a title beside another',
      'interactive',
      list({ title: 'A', rows: rows(0, 1) }, { rows: rows(1, 2) }),
      ['interactive.action.sections[1].title'],
    ],
    ['no text', 'interactive', { type: 'button', action: { buttons: [button('a')] } }, ['interactive.body']],
    ['an unknown kind', 'interactive', { type: 'poll' }, ['interactive.type']],
    ['one card', 'interactive', carousel(1), ['interactive.action.cards']],
    ['eleven cards', 'interactive', carousel(11), ['interactive.action.cards']],
    [
      'a long card',
      'interactive',
      carousel(2, 'x'.repeat(161)),
      ['interactive.action.cards[0].body.text', 'interactive.action.cards[1].body.text'],
    ],
    [
      'a card of three line breaks',
      'interactive',
      carousel(2, 'a\nb\nc\nd'),
      ['interactive.action.cards[0].body.text', 'interactive.action.cards[1].body.text'],
    ],
    [
      'cards of two looks',
      'interactive',
      { type: 'carousel', body: { text: 'x' }, action: { cards: [card(0), { ...card(1), header: film }] } },
      ['interactive.action.cards[1]'],
    ],
    [
      'products without a header',
      'interactive',
      { type: 'product_list', body: { text: 'x' }, action: { catalog_id: '1', sections: [products(1)] } },
      ['interactive.header'],
    ],
    [
      '31 products',
      'interactive',
      {
        type: 'product_list',
        header: { type: 'text', text: 'x' },
        body: { text: 'x' },
        action: {
          catalog_id: '1',
          sections: [
            { title: 'A', ...products(30) },
            { title: 'B', ...products(1) },
          ],
        },
      },
      ['interactive.action.sections'],
    ],
    [
      'a product without a catalog',
      'interactive',
      { type: 'product', action: { product_retailer_id: 'soup' } },
      ['interactive.action.catalog_id'],
    ],
    [
      'a call button of a long time',
      'interactive',
      {
        type: 'voice_call',
        body: { text: 'x' },
        action: { name: 'voice_call', parameters: { display_text: 'x'.repeat(20), ttl_minutes: 43_201 } },
      },
      ['interactive.action.parameters.ttl_minutes'],
    ],
    [
      'a country by name',
      'interactive',
      {
        type: 'address_message',
        body: { text: 'x' },
        action: { name: 'address_message', parameters: { country: 'India' } },
      },
      ['interactive.action.parameters.country'],
    ],
    [
      'an order without items',
      'interactive',
      {
        type: 'order_details',
        body: { text: 'x' },
        action: {
          name: 'review_and_pay',
          parameters: {
            reference_id: 'a',
            type: 'digital-goods',
            currency: 'INR',
            total_amount: { value: 1, offset: 100 },
            order: { status: 'pending', items: [], subtotal: { value: 1, offset: 100 } },
          },
        },
      },
      ['interactive.action.parameters.order.items'],
    ],
    ['blanks', 'text', { body: ' \n ' }, ['text.body']],
    ['a pole too far', 'location', { latitude: 91, longitude: 0 }, ['location.latitude']],
    ['no name', 'contacts', [{ name: {} }], ['contacts[0].name.formatted_name']],
    ['no contact', 'contacts', [], ['contacts']],
  ])('%s: the field is named', async (_name, type, content, fields) => {
    const answer = await send(type, content);
    expect({ status: answer.status, fields: fieldsOf(answer) }).toEqual({ status: 400, fields });
  });
});

describe('typing', () => {
  test('marks the messages of the person as read, and shows it', async () => {
    const { id, conversation_id } = await hears('Are you there?');
    const answer = await scenario.api('POST', `/api/v1/conversations/${conversation_id}/typing`);
    expect(answer.status).toBe(204);
    expect((await scenario.message(id)).status).toBe('read');
    expect((await scenario.api('GET', `/api/v1/conversations/${conversation_id}`)).body.unread_count).toBe(0);
    await scenario.settle();
    expect((await threadOf(digits)).typing).toBe(true);
    expect((await scenario.api('POST', `/api/v1/conversations/${conversation_id}/typing`)).status).toBe(204);
  });

  test('where the person never wrote, WhatsApp has nothing to show', async () => {
    const message = await accepted('text', { body: 'Hi' }, { to: '+12025550149' });
    const answer = await scenario.api('POST', `/api/v1/conversations/${message.conversation_id}/typing`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'nothing_received' } });
  });
});
