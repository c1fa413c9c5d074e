// Every route as its callers meet it: good, bad, without credentials, and with ids of another workspace.
import {
  accountPage,
  accountSchema,
  contactPage,
  contactSchema,
  conversationPage,
  conversationSchema,
  messageDetailsSchema,
  messagePage,
  messageSchema,
  problemSchema,
  statisticsSchema,
} from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { type Story, startStory } from '../setup/story.ts';

let story: Story;
let stranger: Awaited<ReturnType<Story['stranger']>>;
beforeAll(async () => {
  story = await startStory();
  stranger = await story.stranger();
});
afterAll(() => story.close());

const text = (to = '+33612345678', body = 'hello') => ({
  account_id: story.account.id,
  to,
  type: 'text',
  text: { body },
});

test('every route that is not public refuses callers without credentials, and so it is documented', async () => {
  const { body: document } = await story.as(undefined)('GET', '/openapi.json');
  const open = [];
  let closed = 0;
  for (const [path, methods] of Object.entries<Record<string, { 'x-permission'?: string }>>(document.paths))
    for (const [method, route] of Object.entries(methods)) {
      const answer = await story.as(undefined)(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x'));
      if (route['x-permission']) {
        closed++;
        expect([path, method, answer.status]).toEqual([path, method, 401]);
        expect(problemSchema.parse(answer.body)).toMatchObject({ code: 'unauthorized' });
      } else open.push(`${method} ${path}`);
    }
  expect(closed).toBeGreaterThanOrEqual(19);
  expect(open.sort()).toEqual([
    'get /webhooks/whatsapp/{app}',
    'post /api/v1/auth/login',
    'post /api/v1/auth/logout',
    'post /api/v1/auth/password/forgot',
    'post /api/v1/auth/password/reset',
    'post /api/v1/auth/refresh',
    'post /api/v1/invitations/accept',
    'post /api/v1/setup',
    'post /webhooks/whatsapp/{app}',
  ]);
});

test('a route that declares neither a permission nor that it is public stops the start', () => {
  expect(() => story.recado.server?.get('/api/v1/forgotten', async () => 'x')).toThrow();
});

describe('what a route does not ask for', () => {
  const account = () => `/api/v1/accounts/${story.account.id}`;
  const refusal = (field: string, message: string) => ({
    status: 400,
    body: { code: 'invalid_request', errors: [{ field, message }] },
  });

  test('is refused in the address, before anything is done', async () => {
    for (const [method, path, body] of [
      ['DELETE', `${account()}/queue?priority=low`],
      ['GET', `${account()}?priority=low`],
      ['POST', '/api/v1/auth/refresh?priority=low', {}],
    ] as const)
      expect(await story.api(method, path, body)).toMatchObject(refusal('priority', 'Is not known here.'));
  });

  test('is refused as a body, unless it says nothing', async () => {
    expect(await story.api('POST', `${account()}/pause`, { minutes: 30 })).toMatchObject(
      refusal('minutes', 'Is not known here.'),
    );
    expect(await story.api('POST', `${account()}/pause`, [30])).toMatchObject(
      refusal('body', 'Is not asked for here.'),
    );
    expect(await story.api('DELETE', `${account()}/queue`, { priority: 'low' })).toMatchObject(
      refusal('priority', 'Is not known here.'),
    );
    expect((await story.api('POST', `${account()}/pause`, {})).status).toBe(200);
    expect((await story.api('POST', `${account()}/resume`)).status).toBe(200);
    expect((await story.api('POST', `${account()}/pause`, '')).status).toBe(200);
    expect((await story.api('POST', `${account()}/resume`, '')).status).toBe(200);
    expect((await story.api('DELETE', `${account()}/queue`, '')).status).toBe(200);
    expect((await story.api('POST', '/api/v1/contacts', '')).body).toMatchObject({ errors: [{ field: 'body' }] });
  });

  test('is let through where Meta calls, whose address is as the operator gave it', async () => {
    const { verifyToken } = story.secrets;
    const answer = await story.as(undefined)(
      'GET',
      `/webhooks/whatsapp/sandbox?shop=1&hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=42`,
    );
    expect([answer.status, answer.text]).toEqual([200, '42']);
    expect((await story.as(undefined)('POST', '/webhooks/whatsapp/sandbox?shop=1', {})).status).toBe(401);
  });
});

describe('tokens that are not ours', () => {
  test.each([
    ['nothing', ''],
    ['not a token', 'Bearer x'],
    ['another scheme', 'Basic b3duZXI6eA=='],
    [
      'no signature',
      `Bearer ${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${Buffer.from('{"sub":"x","wsp":"x","role":"owner"}').toString('base64url')}.`,
    ],
  ])('%s', async (_name, authorization) => {
    const answer = await story.as(undefined)('GET', '/api/v1/messages', undefined, { authorization });
    expect(answer.status).toBe(401);
    const isToken = authorization.startsWith('Bearer ');
    expect(answer.headers.get('www-authenticate')).toBe(isToken ? 'Bearer error="invalid_token"' : 'Bearer');
    expect(answer.body.detail).toContain(
      isToken ? 'Send `Authorization: Bearer' : 'Authorization has to begin with `Bearer `',
    );
  });
});

describe('login', () => {
  const login = (body: unknown) => story.as(undefined)('POST', '/api/v1/auth/login', body);

  test('after five failures in a minute the address has to wait', async () => {
    const own = await startStory();
    try {
      const attempt = (password: string) =>
        own.as(undefined)('POST', '/api/v1/auth/login', { email: 'owner@example.com', password });
      const answers = await Promise.all(Array.from({ length: 9 }, () => attempt('wrong')));
      expect(answers.filter(answer => answer.status === 401)).toHaveLength(5);
      const refused = answers.find(answer => answer.status === 429);
      expect(refused?.body.code).toBe('too_many_failures');
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await attempt('a long enough password')).status).toBe(429);
    } finally {
      await own.close();
    }
  });

  test('an unknown address and a wrong password are answered alike', async () => {
    const unknown = await login({ email: 'nobody@example.com', password: 'wrong' });
    const wrong = await login({ email: 'owner@example.com', password: 'wrong' });
    expect(unknown.status).toBe(401);
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  test('a refresh token works once; the second time ends its session', async () => {
    const first = (await login({ email: 'owner@example.com', password: 'a long enough password' })).body;
    const refresh = (refresh_token: string) => story.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token });
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect((await story.as(second.body.access_token)('GET', '/api/v1/accounts')).status).toBe(200);
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh(second.body.refresh_token)).body.code).toBe('refresh_token_invalid');
  });

  test('logging out ends the session', async () => {
    const { refresh_token } = (await login({ email: 'owner@example.com', password: 'a long enough password' })).body;
    expect((await story.as(undefined)('POST', '/api/v1/auth/logout', { refresh_token })).status).toBe(204);
    expect((await story.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token })).status).toBe(401);
  });
});

describe('setup', () => {
  test('of twenty at once, one wins', async () => {
    const own = await startStory({ owner: false });
    try {
      const token = new URL(own.recado.setupLink ?? '').hash.replace('#token=', '');
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          own.as(undefined)('POST', '/api/v1/setup', {
            token,
            email: `owner${n}@example.com`,
            password: 'a long enough password',
            name: 'Ana',
          }),
        ),
      );
      expect(answers.filter(answer => answer.status === 201)).toHaveLength(1);
      // Who comes once the link is used is counted as failing.
      expect(answers.filter(({ status }) => status === 403 || status === 429)).toHaveLength(19);
    } finally {
      await own.close();
    }
  });

  test('a wrong token, a short password and an unknown field are refused', async () => {
    const setup = (body: object) =>
      story.as(undefined)('POST', '/api/v1/setup', {
        token: 'x',
        email: 'a@example.com',
        password: 'a long enough password',
        name: 'A',
        ...body,
      });
    expect((await setup({})).body.code).toBe('setup_token_invalid');
    expect((await setup({ password: 'short' })).body.errors).toEqual([
      { field: 'password', message: 'Must have at least 12 characters.' },
    ]);
    expect((await setup({ role: 'owner' })).status).toBe(400);
  });
});

test('a change that names nothing is refused, with what can be changed', async () => {
  const me = (await story.api('GET', '/api/v1/me')).body.person;
  const contact = (await story.api('POST', '/api/v1/contacts', { name: 'Ana' })).body;
  const key = (await story.api('POST', '/api/v1/keys', { name: 'shop', scopes: ['messages.read'] })).body;
  const changes: [string, string][] = [
    [`/api/v1/accounts/${story.account.id}`, 'name, time_zone, limits, delivery'],
    [`/api/v1/contacts/${contact.id}`, 'name, phone'],
    [`/api/v1/people/${me.id}`, 'role, account_ids, disabled'],
    ['/api/v1/workspace', 'name, retention'],
  ];
  for (const [path, fields] of changes) {
    const { status, body } = await story.api('PATCH', path, {});
    expect([path, status, body.errors]).toEqual([
      path,
      400,
      [{ field: 'body', message: `Must name something to change: ${fields}.` }],
    ]);
  }
  expect((await story.api('PATCH', `/api/v1/keys/${key.id}`, {})).body.errors[0].field).toBe('name');
  const written = `select 1 from audit_entry where action ~ '^(account|contact|person|workspace).(updated|changed)$'`;
  expect(await story.sql(written)).toEqual([]);
});

test('a contact has a name or a number', async () => {
  for (const body of [{}, { name: null }, { name: null, phone: null }])
    expect(await story.api('POST', '/api/v1/contacts', body)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body', message: 'Must have a name, a phone number, or both.' }] },
    });
  expect((await story.api('POST', '/api/v1/contacts', { name: null, phone: '+33 6 12 00 98 98' })).status).toBe(201);
});

describe('accounts', () => {
  test('create, show, list, change, delete', async () => {
    const made = await story.api('POST', '/api/v1/accounts', { name: 'Clinic', channel: 'sandbox' });
    expect(made.status).toBe(201);
    expect(accountSchema.parse(made.body)).toMatchObject({
      name: 'Clinic',
      status: 'connected',
      counters: { called: 0, received: 0 },
    });
    const path = `/api/v1/accounts/${made.body.id}`;
    const changed = await story.api('PATCH', path, {
      name: 'Clinic West',
      time_zone: 'America/Sao_Paulo',
      limits: { rate: { messages: 20, seconds: 60 }, per_day: null },
    });
    expect(changed.body).toMatchObject({
      name: 'Clinic West',
      time_zone: 'America/Sao_Paulo',
      limits: { rate: { messages: 20, seconds: 60 }, per_day: null },
    });
    expect((await story.api('PATCH', path, { name: 'Clinic East' })).body.limits.per_day).toBeNull();
    expect(
      accountPage.parse((await story.api('GET', '/api/v1/accounts?limit=100')).body).data.map(account => account.id),
    ).toContain(made.body.id);
    expect((await story.api('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await story.api(method, path, method === 'PATCH' ? { name: 'Gone' } : undefined)).status).toBe(404);
  });

  test.each([
    [{ name: '', channel: 'sandbox' }, 'name'],
    [{ name: 'x'.repeat(101), channel: 'sandbox' }, 'name'],
    [{ name: 'x', channel: 'telegram' }, 'channel'],
    [{ name: 'x', channel: 'sandbox', time_zone: 'Mars/Base' }, 'time_zone'],
    [{ name: 'x', channel: 'sandbox', limits: { rate: { messages: 0, seconds: 1 } } }, 'limits.rate.messages'],
    [{ name: 'x', channel: 'sandbox', limits: { per_day: 1.5 } }, 'limits.per_day'],
    [{ name: 'x', channel: 'sandbox', status: 'connected' }, 'status'],
  ])('%j is refused for %s', async (body, field) => {
    const answer = await story.api('POST', '/api/v1/accounts', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  test('those of another workspace are not there', async () => {
    const path = `/api/v1/accounts/${stranger.account.id}`;
    for (const [method, sub, body] of [
      ['GET', ''],
      ['PATCH', '', { name: 'mine' }],
      ['DELETE', ''],
      ['POST', '/resume'],
    ] as const)
      expect((await story.api(method, path + sub, body)).body).toMatchObject({
        status: 404,
        code: 'account_not_found',
      });
    expect((await story.api('GET', '/api/v1/accounts')).text).not.toContain(stranger.account.id);
    expect((await stranger.api('GET', path)).body.name).toBe('Theirs');
  });
});

describe('contacts', () => {
  test('a text with a letter is searched for in names, digits in numbers that are shown', async () => {
    const name = (await story.api('POST', '/api/v1/contacts', { name: 'Room 771', phone: '+33612000881' })).body.id;
    const number = (await story.api('POST', '/api/v1/contacts', { name: 'Guest', phone: '+33612077101' })).body.id;
    // Known by an id of the channel only, in which there are digits too.
    const [hidden] = await story.sql<{ id: string }>(
      `with c as (insert into contact (id, workspace_id, name) select gen_random_uuid(), workspace_id, 'Hidden' from account
         where id = $1 returning *)
       insert into contact_address (workspace_id, kind, value, contact_id) select workspace_id, 'bsuid', 'US.9977199', id from c
       returning contact_id as id`,
      [toUuid(story.account.id)],
    );
    expect(hidden).toBeDefined();
    for (const [search, found] of [
      ['room 771', [name]],
      ['771', [number, name]],
      ['77-1', [number]],
      ['+33 612 0771', [number]],
      ['9977199', []],
    ] as const) {
      const { body } = await story.api('GET', `/api/v1/contacts?search=${encodeURIComponent(search)}`);
      expect([search, body.data.map((contact: { id: string }) => contact.id)]).toEqual([search, found]);
    }
    for (const id of [name, number]) await story.api('DELETE', `/api/v1/contacts/${id}`);
    await story.sql('delete from contact_address where contact_id = $1', [hidden?.id]);
    await story.sql('delete from contact where id = $1', [hidden?.id]);
  });

  test('create, find, change, delete', async () => {
    const made = await story.api('POST', '/api/v1/contacts', { name: 'Ana Souza', phone: '+55 11 91234-5678' });
    expect(made.status).toBe(201);
    expect(contactSchema.parse(made.body)).toMatchObject({
      name: 'Ana Souza',
      phone: '+5511912345678',
      unread_count: 0,
      last_message_at: null,
    });
    for (const query of ['search=souza', 'search=91234', 'phone=%2B5511912345678', 'search=Ana%20S'])
      expect(
        contactPage.parse((await story.api('GET', `/api/v1/contacts?${query}`)).body).data.map(contact => contact.id),
      ).toEqual([made.body.id]);
    expect((await story.api('GET', '/api/v1/contacts?search=%25')).body.data).toEqual([]);

    const taken = await story.api('POST', '/api/v1/contacts', { phone: '+5511912345678' });
    expect(taken).toMatchObject({
      status: 409,
      body: { code: 'phone_taken', detail: expect.stringContaining(made.body.id) },
    });
    const nameless = await story.api('POST', '/api/v1/contacts', { phone: '+5511912345680' });
    expect(nameless.body).toMatchObject({ name: null, phone: '+5511912345680' });
    const path = `/api/v1/contacts/${made.body.id}`;
    expect((await story.api('PATCH', path, { name: null })).body).toMatchObject({
      name: null,
      phone: '+5511912345678',
    });
    expect((await story.api('PATCH', path, { phone: '+5511912345679' })).body.phone).toBe('+5511912345679');
    expect((await story.api('PATCH', `/api/v1/contacts/${nameless.body.id}`, { phone: '+5511912345679' })).status).toBe(
      409,
    );
    expect((await story.api('DELETE', path)).status).toBe(204);
    expect((await story.api('GET', path)).status).toBe(404);
    expect((await story.api('POST', '/api/v1/contacts', { phone: '+5511912345679' })).status).toBe(201);
  });

  test('a wrong number is told what is wrong with it', async () => {
    const answer = await story.api('POST', '/api/v1/contacts', { phone: '912345678' });
    expect(answer.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'phone', message: expect.stringContaining('country code') }],
    });
  });

  test('what waits for a deleted contact is cancelled', async () => {
    const made = await story.api('POST', '/api/v1/accounts', {
      name: 'Slow',
      channel: 'sandbox',
      limits: { rate: { messages: 1, seconds: 3600 } },
    });
    const send = async (to: string) =>
      (await story.api('POST', '/api/v1/messages', { ...text(to), account_id: made.body.id })).body;
    await send('+33612000401');
    const waiting = await send('+33612000402');
    await story.settle();
    await story.api('DELETE', `/api/v1/contacts/${waiting.contact_id}`);
    expect((await story.message(waiting.id)).status).toBe('cancelled');
  });

  test('those of another workspace are not there, nor are their conversations', async () => {
    const { contact_id, conversation_id } = stranger.message;
    const path = `/api/v1/contacts/${contact_id}`;
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const)
      expect((await story.api(method, path, body)).body).toMatchObject({ status: 404, code: 'contact_not_found' });
    expect((await story.api('GET', `/api/v1/conversations/${conversation_id}/messages`)).body.code).toBe(
      'conversation_not_found',
    );
    expect((await story.api('GET', '/api/v1/contacts?phone=%2B33612009999')).body.data).toEqual([]);
    expect(
      conversationPage.parse((await story.api('GET', '/api/v1/conversations')).body).data.map(each => each.id),
    ).not.toContain(conversation_id);
    expect((await stranger.api('GET', path)).status).toBe(200);
  });
});

test('a conversation is shown by its id, as every message has it', async () => {
  const sent = await story.send();
  const listed = (await story.api('GET', `/api/v1/conversations?contact_id=${sent.contact_id}`)).body.data;
  const path = `/api/v1/conversations/${sent.conversation_id}`;
  const { status, body } = await story.api('GET', path);
  expect(status).toBe(200);
  expect([conversationSchema.parse(body)]).toEqual(listed);
  const { conversation_id } = (await story.stranger()).message;
  expect((await story.api('GET', `/api/v1/conversations/${conversation_id}`)).body.code).toBe('conversation_not_found');
  const made = await story.api('POST', '/api/v1/accounts', { name: 'Elsewhere', channel: 'sandbox' });
  const key = (scopes: string[], account_ids: string[]) =>
    story.api('POST', '/api/v1/keys', { name: 'limited', scopes, account_ids });
  const limited = await key(['contacts.read'], [made.body.id]);
  expect((await story.as(limited.body.key)('GET', path)).body.code).toBe('conversation_not_found');
});

describe('messages', () => {
  test.each([
    ['image', { link: 'https://example.com/a.jpg', caption: 'A room' }],
    ['video', { link: 'https://example.com/a.mp4' }],
    ['audio', { link: 'https://example.com/a.ogg' }],
    ['document', { link: 'https://example.com/a.pdf', filename: 'invoice.pdf', caption: 'Invoice' }],
    ['sticker', { link: 'https://example.com/a.webp' }],
  ])('a message of type %s is accepted and arrives', async (type, content) => {
    const answer = await story.api('POST', '/api/v1/messages', {
      account_id: story.account.id,
      to: '+33612345678',
      type,
      [type]: content,
    });
    expect(answer.status).toBe(202);
    expect(messageSchema.parse(answer.body)).toMatchObject({ type, [type]: content, status: 'queued' });
    await story.settle();
    expect(messageDetailsSchema.parse(await story.message(answer.body.id)).status).toBe('read');
  });

  test.each<[string, () => unknown, string]>([
    ['an empty body', () => ({}), 'type'],
    ['a body without an account', () => ({ type: 'text', to: '+33612345678', text: { body: 'x' } }), 'account_id'],
    ['a wrong number', () => text('12'), 'to'],
    ['an unknown type', () => ({ ...text(), type: 'smoke', smoke: {} }), 'type'],
    [
      'content of another type',
      () => ({
        account_id: story.account.id,
        to: '+33612345678',
        type: 'text',
        image: { link: 'https://example.com' },
      }),
      'text',
    ],
    ['an empty text', () => text('+33612345678', ''), 'text.body'],
    ['a text that is too long', () => text('+33612345678', 'x'.repeat(4097)), 'text.body'],
    ['a text that cannot be stored', () => text('+33612345678', 'a\u0000b'), 'text.body'],
    ['half of a character', () => text('+33612345678', '\ud800'), 'text.body'],
    ['an unknown field', () => ({ ...text(), priority: 'urgent' }), 'priority'],
    ['an unknown field within', () => ({ ...text(), text: { body: 'x', bold: true } }), 'text.bold'],
    ['an id of another kind', () => ({ ...text(), account_id: stranger.message.id }), 'account_id'],
    [
      'a file as a link',
      () => ({
        account_id: story.account.id,
        to: '+33612345678',
        type: 'image',
        image: { link: 'file:///etc/passwd' },
      }),
      'image.link',
    ],
    ...['\u0000', '\ud800'].map((character): [string, () => unknown, string] => [
      `a link that cannot be stored (${JSON.stringify(character)})`,
      () => ({
        account_id: story.account.id,
        to: '+33612345678',
        type: 'image',
        image: { link: `https://example.com/${character}.jpg` },
      }),
      'image.link',
    ]),
    ['not JSON', () => '{"to":', 'body'],
    ['a list', () => [], 'body'],
  ])('%s is refused, and the field is named', async (_name, body, field) => {
    const answer = await story.api('POST', '/api/v1/messages', body());
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const problem = problemSchema.parse(answer.body);
    expect(problem.code).toBe('invalid_request');
    expect(problem.errors?.map(error => error.field)).toContain(field);
  });

  test('a field that is not there is called missing', async () => {
    expect((await story.api('POST', '/api/v1/messages', { type: 'text', text: {} })).body.errors).toEqual([
      { field: 'account_id', message: 'Is missing.' },
      { field: 'to', message: 'Is missing.' },
      { field: 'text.body', message: 'Is missing.' },
    ]);
    const batch = await story.api('POST', '/api/v1/messages/batch', {
      messages: [{ type: 'text', to: '+33612345678' }],
    });
    expect(batch.body.results[0].error.errors).toContainEqual({ field: 'text', message: 'Is missing.' });
  });

  test('other bodies, methods and addresses are refused with a problem too', async () => {
    const form = await story.api('POST', '/api/v1/messages', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    const put = await story.api('PUT', '/api/v1/messages', {});
    expect(put.body).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(put.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await story.api('GET', '/api/v1/nothing')).body).toMatchObject({ status: 404, code: 'not_found' });
    expect(
      (await story.api('POST', '/api/v1/messages', text('+33612345678', 'x'.repeat(1_100_000)))).body,
    ).toMatchObject({ status: 413 });
    expect(
      (await story.api('GET', '/api/v1/messages', undefined, { 'x-request-id': 'my-own-id' })).headers.get(
        'x-request-id',
      ),
    ).toBe('my-own-id');
  });

  test('list with filters and pages', async () => {
    const account = (await story.api('POST', '/api/v1/accounts', { name: 'Pages', channel: 'sandbox' })).body;
    const ids: string[] = [];
    for (let n = 0; n < 7; n++)
      ids.push(
        (await story.api('POST', '/api/v1/messages', { ...text(`+3361277700${n % 3}`), account_id: account.id })).body
          .id,
      );
    await story.settle();
    const list = async (query: string) =>
      messagePage.parse((await story.api('GET', `/api/v1/messages?account_id=${account.id}&${query}`)).body);
    const walked: string[] = [];
    let cursor: string | null = '';
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(`limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      walked.push(...page.data.map(message => message.id));
      cursor = page.page.next_cursor;
      expect(page.page).toMatchObject({ has_more: cursor !== null, total: 7 });
    } while (cursor);
    expect(walked).toEqual([...ids].reverse());
    expect((await list('limit=2&offset=5')).data.map(message => message.id)).toEqual([ids[1], ids[0]]);
    const [message] = (await list('limit=1')).data;
    expect((await list(`contact_id=${message?.contact_id}`)).page.total).toBe(3 - (ids.length % 3 === 1 ? 0 : 1));
    expect((await list('status=read,failed&direction=outbound&type=text')).page.total).toBe(7);
    expect((await list('status=failed')).page.total).toBe(0);
    expect((await list('direction=inbound')).page.total).toBe(0);
    expect((await list(`from=${message?.created_at}`)).page.total).toBeGreaterThanOrEqual(1);
    expect((await list(`until=2020-01-01T00:00:00Z`)).page.total).toBe(0);
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'offset=-1',
    'cursor=x',
    'cursor=WyJ4Il0',
    'status=lost',
    'page=2',
    'account_id=1',
    'from=yesterday',
    'cursor=WyIxIl0&offset=1',
  ])('the list refuses %s', async query => {
    const answer = await story.api('GET', `/api/v1/messages?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  test.each([
    ['messages?from=2026-11-01', 'from', 'Must be an ISO 8601 date and time with a zone, like 2026-11-24T15:04:05Z.'],
    [
      'messages?from=2026-11-01T00:00:00+01:00',
      'from',
      'Must be an ISO 8601 date and time with a zone, like 2026-11-24T15:04:05Z. In an address, write + as %2B.',
    ],
    ['contacts?phone=+5511912345678', 'phone', 'In an address, write the + of a number as %2B.'],
  ])('of %s one thing is wrong, and that is said', async (path, field, message) => {
    const answer = await story.api('GET', `/api/v1/${path}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body.errors).toEqual([{ field, message }]);
  });

  test('statistics add up to what is listed', async () => {
    const account = (await story.api('POST', '/api/v1/accounts', { name: 'Counts', channel: 'sandbox' })).body;
    for (const to of ['+33612888001', '+33612888002', '+12025550112', '+12025550113', '+12025550119'])
      await story.api('POST', '/api/v1/messages', { ...text(to), account_id: account.id });
    await story.settle();
    const statistics = statisticsSchema.parse(
      (await story.api('GET', `/api/v1/messages/statistics?account_id=${account.id}`)).body,
    );
    expect(statistics).toMatchObject({
      sent: 4,
      received: 0,
      by_status: { read: 2, failed: 2, sent: 1 },
      by_type: { text: { outbound: 5, inbound: 0 } },
      by_account: [{ account_id: account.id, outbound: 5, inbound: 0 }],
      delivery_rate: 0.5,
      read_rate: 0.5,
      failure_rate: 0.4,
    });
    // Of one day, or of two where midnight has passed meanwhile.
    const days = statistics.by_day;
    expect(days.length).toBeLessThanOrEqual(2);
    const total = (of: 'outbound' | 'inbound' | 'failed') => days.reduce((sum, day) => sum + day[of], 0);
    expect([total('outbound'), total('inbound'), total('failed')]).toEqual([5, 0, 2]);
    expect((await story.api('GET', '/api/v1/messages/statistics?from=x')).status).toBe(400);
  });

  test('only inbound messages are marked as read, only failed ones sent again', async () => {
    const { id } = await story.send();
    await story.settle();
    expect((await story.api('PUT', `/api/v1/messages/${id}/read`)).body).toMatchObject({
      status: 409,
      code: 'message_not_inbound',
    });
    expect((await story.api('POST', `/api/v1/messages/${id}/retry`)).body).toMatchObject({
      status: 409,
      code: 'message_not_failed',
      detail: expect.stringMatching(/^Only a message that failed .* Its status is `read`\. See /),
    });
  });

  test('those of another workspace are not there', async () => {
    const foreign = `/api/v1/messages/${stranger.message.id}`;
    for (const [method, path] of [
      ['GET', foreign],
      ['PUT', `${foreign}/read`],
      ['POST', `${foreign}/retry`],
    ] as const)
      expect((await story.api(method, path)).body).toMatchObject({ status: 404, code: 'message_not_found' });
    const posted = await story.api('POST', '/api/v1/messages', { ...text(), account_id: stranger.account.id });
    expect(posted.status).toBe(404);
    for (const filter of [
      `account_id=${stranger.account.id}`,
      `contact_id=${stranger.message.contact_id}`,
      `conversation_id=${stranger.message.conversation_id}`,
    ])
      expect((await story.api('GET', `/api/v1/messages?${filter}`)).body.data).toEqual([]);
    const all = (await story.api('GET', '/api/v1/messages?limit=100')).text;
    expect(all).not.toContain('not yours');
    expect(
      (await story.api('GET', `/api/v1/messages/statistics?account_id=${stranger.account.id}`)).body.by_account,
    ).toEqual([]);
    const nowhere = toId('message', newUuid());
    expect((await story.api('GET', `/api/v1/messages/${nowhere}`)).body.code).toBe('message_not_found');
    expect((await stranger.api('GET', foreign)).body.status).toBe('read');
  });
});
