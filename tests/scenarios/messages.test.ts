// Messages through the API: each type, rejected, listed, counted, and of another workspace.
import {
  batchPage,
  type Message,
  messageDetailsSchema,
  messagePage,
  messageSchema,
  problemSchema,
  statisticsSchema,
} from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid, toId } from '../../server/kit/ids.ts';
import { join } from '../setup/people.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let stranger: Awaited<ReturnType<Scenario['stranger']>>;
beforeAll(async () => {
  scenario = await openWorkspace();
  stranger = await scenario.stranger();
});
afterAll(() => scenario.close());

const text = (to = '+33612345678', body = 'hello') => ({
  account_id: scenario.account.id,
  to,
  type: 'text',
  text: { body },
});

describe('messages', () => {
  test.each([
    ['image', { link: 'https://example.com/a.jpg', caption: 'A room' }],
    ['video', { link: 'https://example.com/a.mp4' }],
    ['audio', { link: 'https://example.com/a.ogg' }],
    ['document', { link: 'https://example.com/a.pdf', filename: 'invoice.pdf', caption: 'Invoice' }],
    ['sticker', { link: 'https://example.com/a.webp' }],
  ])('a message of type %s is accepted and arrives', async (type, content) => {
    const answer = await scenario.api('POST', '/api/v1/messages', {
      account_id: scenario.account.id,
      to: '+33612345678',
      type,
      [type]: content,
    });
    expect(answer.status).toBe(202);
    expect(messageSchema.parse(answer.body)).toMatchObject({ type, [type]: content, status: 'queued' });
    await scenario.settle();
    expect(messageDetailsSchema.parse(await scenario.message(answer.body.id)).status).toBe('read');
  });

  test.each<[string, () => unknown, string]>([
    ['an empty body', () => ({}), 'type'],
    ['a body without an account', () => ({ type: 'text', to: '+33612345678', text: { body: 'x' } }), 'account_id'],
    ['a wrong number', () => text('12'), 'to'],
    ['an unknown type', () => ({ ...text(), type: 'smoke', smoke: {} }), 'type'],
    [
      'content of another type',
      () => ({
        account_id: scenario.account.id,
        to: '+33612345678',
        type: 'text',
        image: { link: 'https://example.com' },
      }),
      'text',
    ],
    ['an empty text', () => text('+33612345678', ''), 'text.body'],
    ['a blank text', () => text('+33612345678', ' \n\t\u00a0'), 'text.body'],
    ['an invisible text', () => text('+33612345678', '\u200b\u200d\ufeff\u2060\u3164\u2800'), 'text.body'],
    ['a text that is too long', () => text('+33612345678', 'x'.repeat(4097)), 'text.body'],
    ['a text that cannot be stored', () => text('+33612345678', 'a\u0000b'), 'text.body'],
    ['half of a character', () => text('+33612345678', '\ud800'), 'text.body'],
    ['an unknown field', () => ({ ...text(), priority: 'urgent' }), 'priority'],
    ['an unknown field within', () => ({ ...text(), text: { body: 'x', bold: true } }), 'text.bold'],
    ['an id of another kind', () => ({ ...text(), account_id: stranger.message.id }), 'account_id'],
    [
      'a file as a link',
      () => ({
        account_id: scenario.account.id,
        to: '+33612345678',
        type: 'image',
        image: { link: 'file:///etc/passwd' },
      }),
      'image.link',
    ],
    ...['\u0000', '\ud800'].map((character): [string, () => unknown, string] => [
      `a link that cannot be stored (${JSON.stringify(character)})`,
      () => ({
        account_id: scenario.account.id,
        to: '+33612345678',
        type: 'image',
        image: { link: `https://example.com/${character}.jpg` },
      }),
      'image.link',
    ]),
    ['not JSON', () => '{"to":', 'body'],
    ['a list', () => [], 'body'],
  ])('%s is rejected, and the field is named', async (_name, body, field) => {
    const answer = await scenario.api('POST', '/api/v1/messages', body());
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const problem = problemSchema.parse(answer.body);
    expect(problem.code).toBe('invalid_request');
    expect(problem.errors?.map(error => error.field)).toContain(field);
  });

  test('a field that is not there is called missing', async () => {
    expect((await scenario.api('POST', '/api/v1/messages', { type: 'text', text: {} })).body.errors).toEqual([
      { field: 'account_id', message: 'Is missing.' },
      { field: 'text.body', message: 'Is missing.' },
      { field: 'to', message: 'Is missing. Give one of to, contact_id, conversation_id, user_id.' },
    ]);
    const batch = await scenario.api('POST', '/api/v1/messages/batch', {
      messages: [{ type: 'text', to: '+33612345678' }],
    });
    expect(batch.body.results[0].error.errors).toContainEqual({ field: 'text', message: 'Is missing.' });
  });

  test('a range that does not end after its start is rejected on every route', async () => {
    const [from, until] = ['2026-11-24T12:00:00Z', '2026-11-24T11:00:00Z'];
    const query = (end: string) => `from=${from}&until=${end}`;
    for (const end of [until, from])
      for (const [method, path, body] of [
        ['GET', `/api/v1/messages?${query(end)}`],
        ['GET', `/api/v1/messages/statistics?${query(end)}`],
        ['GET', `/api/v1/audit?${query(end)}`],
        ['GET', `/api/v1/audit/export?format=csv&${query(end)}`],
        ['POST', '/api/v1/messages/cancel', { from, until: end }],
        ['POST', '/api/v1/messages/retry', { from, until: end }],
      ] as const)
        expect(await scenario.api(method, path, body), `${method} ${path}`).toMatchObject({
          status: 400,
          body: { errors: [{ field: 'until', message: 'Must be after from.' }] },
        });
  });

  test('the error for a field of another type names the type', async () => {
    const told = async (method: string, path: string, body?: unknown) =>
      (await scenario.api(method, path, body)).body.errors;
    expect(await told('POST', '/api/v1/messages', { ...text(), text: { body: 5, preview_url: 'yes' } })).toEqual([
      { field: 'text.body', message: 'Must be a string.' },
      { field: 'text.preview_url', message: 'Must be true or false.' },
    ]);
    expect(await told('POST', '/api/v1/messages', [])).toEqual([{ field: 'body', message: 'Must be an object.' }]);
    expect(await told('GET', '/api/v1/messages?limit=1&limit=2')).toEqual([
      { field: 'limit', message: 'Must be one value, not several.' },
    ]);
    expect(await told('GET', '/api/v1/messages?direction=in')).toEqual([
      { field: 'direction', message: 'Must be one of outbound, inbound.' },
    ]);
    expect(await told('GET', '/api/v1/audit?actor_id=x')).toEqual([
      { field: 'actor_id', message: expect.stringContaining('Must be the id of a person or an API key') },
    ]);
  });

  test('a name of blanks is none', async () => {
    const blank = [{ field: 'name', message: 'Must not be blank.' }];
    for (const [method, path, more] of [
      ['POST', '/api/v1/contacts', {}],
      ['POST', '/api/v1/accounts', { channel: 'sandbox' }],
      ['PATCH', `/api/v1/accounts/${scenario.account.id}`, {}],
      ['POST', '/api/v1/keys', { scopes: ['messages.read'] }],
      ['PATCH', '/api/v1/workspace', {}],
      ['POST', '/api/v1/workspaces', {}],
    ] as const)
      for (const name of [' ', '\u00a0\n'])
        expect((await scenario.api(method, path, { ...more, name })).body.errors, `${method} ${path}`).toEqual(blank);
  });

  test('a number and a moment out of their range are told the range, once', async () => {
    const told = async (body: object) =>
      (await scenario.api('POST', '/api/v1/messages', { ...text(), ...body })).body.errors;
    for (const seconds of [0, 1.5, 31_536_001, 1e21, '60'])
      expect(await told({ valid_for_seconds: seconds }), String(seconds)).toEqual([
        { field: 'valid_for_seconds', message: 'Must be a whole number of seconds from 1 to 31536000.' },
      ]);
    expect(await told({ expires_at: '9999-12-31T23:59:59Z' })).toEqual([
      { field: 'expires_at', message: 'Must be in the years 1970 to 9998.' },
    ]);
    for (const ms of [-1, 1.5, 600_001, 1e21])
      expect(
        (await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { limits: { jitter_ms: ms } })).body
          .errors,
        String(ms),
      ).toEqual([{ field: 'limits.jitter_ms', message: 'Must be a whole number from 0 to 600000.' }]);
  });

  test('other bodies, methods and addresses are rejected with a problem too', async () => {
    const form = await scenario.api('POST', '/api/v1/messages', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.body).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
      detail: expect.stringContaining('Send JSON'),
    });
    const put = await scenario.api('PUT', '/api/v1/messages', {});
    expect(put.body).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(put.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await scenario.api('GET', '/api/v1/nothing')).body).toMatchObject({ status: 404, code: 'not_found' });
    expect(
      (await scenario.api('POST', '/api/v1/messages', text('+33612345678', 'x'.repeat(1_100_000)))).body,
    ).toMatchObject({ status: 413, detail: 'The body may have at most 65536 bytes.' });
    expect(
      (await scenario.api('GET', '/api/v1/messages', undefined, { 'x-request-id': 'my-own-id' })).headers.get(
        'x-request-id',
      ),
    ).toBe('my-own-id');
  });

  test('list with filters and pages', async () => {
    const account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Pages', channel: 'sandbox' })).body;
    const ids: string[] = [];
    for (let n = 0; n < 7; n++)
      ids.push(
        (await scenario.api('POST', '/api/v1/messages', { ...text(`+3361277700${n % 3}`), account_id: account.id }))
          .body.id,
      );
    await scenario.settle();
    const list = async (query: string) =>
      messagePage.parse((await scenario.api('GET', `/api/v1/messages?account_id=${account.id}&${query}`)).body);
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

  test('a message has a reference and metadata, in whatever shows it, and is found by the reference', async () => {
    const metadata = { campaign: 'spring', a: 'é' };
    const body = { ...text('+33612777100'), reference: 'order/4711', metadata };
    const key = { 'idempotency-key': 'referenced' };
    const made = await scenario.api('POST', '/api/v1/messages', body, key);
    expect(messageSchema.parse(made.body)).toMatchObject({ reference: 'order/4711', metadata });
    const sorted = { ...body, metadata: { a: 'é', campaign: 'spring' } };
    expect((await scenario.api('POST', '/api/v1/messages', sorted, key)).text).toBe(made.text);
    const other = { ...body, metadata: { campaign: 'summer' } };
    expect((await scenario.api('POST', '/api/v1/messages', other, key)).status).toBe(422);
    const items = [{ ...text('+33612777101'), reference: 'order/4711' }, text('+33612777101')];
    const batch = (await scenario.api('POST', '/api/v1/messages/batch', { messages: items })).body;
    const [second, plain] = batch.results.map((result: { message: Message }) => result.message);
    expect(second).toMatchObject({ reference: 'order/4711', metadata: {} });
    expect(plain).toMatchObject({ reference: null, metadata: {} });
    expect(await scenario.message(made.body.id)).toMatchObject({ reference: 'order/4711', metadata });
    const found = (await scenario.api('GET', '/api/v1/messages?reference=order%2F4711')).body;
    expect(found).toMatchObject({ data: [{ id: second.id }, { id: made.body.id, metadata }], page: { total: 2 } });
    expect((await scenario.api('GET', '/api/v1/messages?reference=order')).body.data).toEqual([]);
    const contact = `/api/v1/contacts/${made.body.contact_id}`;
    expect((await scenario.api('GET', `${contact}/export`)).body.messages).toMatchObject([{ metadata }]);
  });

  test('each message of ours names its sender: in the answer, in lists, in events, and beside its conversation', async () => {
    const ana = await join(scenario, 'agent');
    const me = (await scenario.api('GET', '/api/v1/me')).body.person;
    const given = { name: 'Shop server', scopes: ['messages.create', 'messages.read', 'contacts.read'] };
    const { body: key } = await scenario.api('POST', '/api/v1/keys', given);
    const program = scenario.as(key.key);
    const senders = [
      [scenario.api, { id: me.id, name: me.name }],
      [ana.api, { id: ana.id, name: 'agent' }],
      [program, { id: key.id, name: 'Shop server' }],
    ] as const;
    for (const [api, created_by] of senders) {
      const headers = { 'idempotency-key': `sender ${created_by.id}` };
      const send = () => api('POST', '/api/v1/messages', text('+33612777150', created_by.name), headers);
      const sent = await send();
      expect(sent.body).toMatchObject({ created_by, campaign_id: null });
      expect((await send()).text).toBe(sent.text);
      const { body: conversation } = await program('GET', `/api/v1/conversations/${sent.body.conversation_id}`);
      expect(conversation.last_message).toMatchObject({ id: sent.body.id, created_by, campaign_id: null });
      expect(messageDetailsSchema.parse(await scenario.message(sent.body.id)).created_by).toEqual(created_by);
    }
    // Also of somebody who has left, and under the new name of a key.
    expect((await scenario.api('DELETE', `/api/v1/people/${ana.id}`)).status).toBe(204);
    await scenario.api('PATCH', `/api/v1/keys/${key.id}`, { name: 'Order robot' });
    await scenario.settle();
    const names = [me.name, 'agent', 'Order robot'];
    const [newest] = (await program('GET', '/api/v1/messages?limit=1')).body.data;
    const { contact_id, conversation_id } = newest;
    for (const path of [`messages?contact_id=${contact_id}`, `conversations/${conversation_id}/messages?`]) {
      const found = messagePage.parse((await program('GET', `/api/v1/${path}`)).body).data;
      expect(found.map(({ created_by }) => created_by?.name)).toEqual(names.toReversed());
    }
    const queued = `/api/v1/events?types=message.queued&conversation_id=${conversation_id}`;
    const events: { data: { message: Message } }[] = (await program('GET', queued)).body.data;
    expect(events.map(({ data }) => data.message.created_by?.name).sort()).toEqual(names.toSorted());
  });

  test('the list takes the filters of the actions, and goes in either order', async () => {
    const account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Filters', channel: 'sandbox' })).body;
    const send = async (more: object) =>
      (await scenario.api('POST', '/api/v1/messages', { ...text('+33612777200'), account_id: account.id, ...more }))
        .body;
    const low = await send({ priority: 'low' });
    const failed = await send({ to: '+12025550112' });
    const image = await send({
      to: '+33612777201',
      type: 'image',
      text: undefined,
      image: { link: 'https://example.com/a.png' },
    });
    await scenario.settle();
    const ids = async (query: string, of = `account_id=${account.id}&`) =>
      (await scenario.api('GET', `/api/v1/messages?${of}${query}`)).body.data.map(({ id }: { id: string }) => id);
    const { channel_message_id: wamid, created_by: by } = await scenario.message(low.id);
    const { error } = await scenario.message(failed.id);
    for (const [query, found] of [
      ['order=asc', [low, failed, image]],
      ['order=desc', [image, failed, low]],
      ['order=asc&from=2020-01-01T00:00:00Z', [low, failed, image]],
      ['order=asc&type=text,image&status=read', [low, image]],
      ['type=text,image', [image, failed, low]],
      ['type=image', [image]],
      ['priority=low', [low]],
      [`error_code=${error.code}`, [failed]],
      [`error_code=${error.code}&status=read`, []],
      ['phone=%2B33612777201', [image]],
      ['phone=%2B33612777299', []],
      [`phone=%2B33612777201&contact_id=${low.contact_id}`, []],
      [`created_by=${by.id}`, [image, failed, low]],
      [`created_by=${toId('person', newUuid())}`, []],
      [`channel_message_id=${encodeURIComponent(wamid)}`, [low]],
      ['channel_message_id=none', []],
      ['updated_since=2020-01-01T00:00:00Z', [image, failed, low]],
      ['updated_since=2099-01-01T00:00:00Z', []],
    ] as const)
      expect([query, await ids(query)]).toEqual([query, found.map(({ id }) => id)]);
    const first = (await scenario.api('GET', `/api/v1/messages?account_id=${account.id}&order=asc&limit=2`)).body;
    const next = `account_id=${account.id}&order=asc&limit=2&cursor=${first.page.next_cursor}`;
    expect(await ids(next, '')).toEqual([image.id]);
    const ranged = `account_id=${account.id}&order=asc&from=2020-01-01T00:00:00Z&limit=2`;
    const start = (await scenario.api('GET', `/api/v1/messages?${ranged}`)).body;
    expect(await ids(`${ranged}&cursor=${start.page.next_cursor}`, '')).toEqual([image.id]);
    // A message that changes is among the changed ones.
    const all = await Promise.all([low, failed, image].map(({ id }) => scenario.message(id)));
    const newest = Math.max(...all.map(({ events }) => Date.parse(events.at(-1).at)));
    const since = new Date(newest + 1).toISOString();
    await scenario.api('POST', `/api/v1/messages/${failed.id}/retry`);
    await scenario.settle();
    expect(await ids(`updated_since=${since}&order=asc`)).toEqual(expect.arrayContaining([failed.id]));
    expect(await ids(`updated_since=${since}&order=asc`)).not.toContain(low.id);
  });

  test('batches are listed, each as it is shown', async () => {
    const batches = [];
    for (let n = 0; n < 3; n++)
      batches.push(
        (await scenario.api('POST', '/api/v1/messages/batch', { messages: [text('+33612777300')] })).body.id,
      );
    await scenario.settle();
    const page = batchPage.parse((await scenario.api('GET', '/api/v1/batches?limit=2')).body);
    expect(page.data.map(({ id }) => id)).toEqual([batches[2], batches[1]]);
    const next = (await scenario.api('GET', `/api/v1/batches?limit=1&cursor=${page.page.next_cursor}`)).body.data;
    expect(next).toEqual([(await scenario.api('GET', `/api/v1/batches/${batches[0]}`)).body]);
    expect((await stranger.api('GET', '/api/v1/batches')).body.data).toEqual([]);
  });

  test('a cursor works with its own path and filters only, and shows no number of a row', async () => {
    for (let n = 0; n < 3; n++) await scenario.send();
    const pageOf = async (path: string, limit = 1) => {
      const { body } = await scenario.api('GET', `/api/v1/${path}${path.includes('?') ? '&' : '?'}limit=${limit}`);
      return body.page.next_cursor as string;
    };
    const cursor = await pageOf('messages');
    expect(Buffer.from(cursor, 'base64url').toString()).not.toMatch(/^\["\d/);
    expect(await pageOf('messages')).not.toBe(cursor);
    const next = (path: string, given: string) => scenario.api('GET', `/api/v1/${path}cursor=${given}`);
    // The page may have another size.
    expect((await next('messages?limit=2&', cursor)).body.data).toHaveLength(2);
    const ofFilter = await pageOf('messages?direction=outbound');
    for (const [path, given] of [
      ['audit?', cursor],
      ['messages?direction=outbound&', cursor],
      ['messages?', ofFilter],
      ['messages?direction=outbound&type=text&', ofFilter],
    ] as const)
      expect([path, await next(path, given)]).toMatchObject([
        path,
        { status: 400, body: { errors: [{ field: 'cursor' }] } },
      ]);
    expect((await next('messages?direction=outbound&', ofFilter)).status).toBe(200);
    const stranger = await scenario.another();
    expect((await stranger.api('GET', `/api/v1/messages?cursor=${cursor}`)).status).toBe(400);
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'offset=-1',
    'cursor=x',
    'cursor=WyJ4Il0',
    'cursor=s1.0123456789abcdef.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'status=lost',
    'page=2',
    'account_id=1',
    'from=yesterday',
    'cursor=WyIxIl0&offset=1',
  ])('the list refuses %s', async query => {
    const answer = await scenario.api('GET', `/api/v1/messages?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  test.each([
    [
      'messages?from=2026-11-01',
      'from',
      'Must be an ISO 8601 date and time with seconds and a zone, like 2026-11-24T15:04:05Z.',
    ],
    [
      'messages?from=2026-11-01T00:00:00+01:00',
      'from',
      'Must be an ISO 8601 date and time with seconds and a zone, like 2026-11-24T15:04:05Z. In a URL, write + as %2B.',
    ],
    ['contacts?phone=+5511912345678', 'phone', 'In a URL, write the + of a number as %2B.'],
  ])('of %s one thing is wrong, and that is said', async (path, field, message) => {
    const answer = await scenario.api('GET', `/api/v1/${path}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body.errors).toEqual([{ field, message }]);
  });

  test('statistics add up to the listed messages', async () => {
    const account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Counts', channel: 'sandbox' })).body;
    for (const to of ['+33612888001', '+33612888002', '+12025550112', '+12025550113', '+12025550119'])
      await scenario.api('POST', '/api/v1/messages', { ...text(to), account_id: account.id });
    await scenario.settle();
    const statistics = statisticsSchema.parse(
      (await scenario.api('GET', `/api/v1/messages/statistics?account_id=${account.id}`)).body,
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
    expect((await scenario.api('GET', '/api/v1/messages/statistics?from=x')).status).toBe(400);
  });

  test('only inbound messages are marked as read, only failed ones sent again', async () => {
    const { id } = await scenario.send();
    await scenario.settle();
    expect((await scenario.api('PUT', `/api/v1/messages/${id}/read`)).body).toMatchObject({
      status: 409,
      code: 'message_not_inbound',
    });
    expect((await scenario.api('POST', `/api/v1/messages/${id}/retry`)).body).toMatchObject({
      status: 409,
      code: 'message_not_failed',
      detail: expect.stringMatching(/^Only a failed message .* Its status is `read`\. Check /),
    });
  });

  test('those of another workspace are not there', async () => {
    const foreign = `/api/v1/messages/${stranger.message.id}`;
    for (const [method, path] of [
      ['GET', foreign],
      ['PUT', `${foreign}/read`],
      ['POST', `${foreign}/retry`],
    ] as const)
      expect((await scenario.api(method, path)).body).toMatchObject({ status: 404, code: 'message_not_found' });
    const posted = await scenario.api('POST', '/api/v1/messages', { ...text(), account_id: stranger.account.id });
    expect(posted.status).toBe(404);
    for (const filter of [
      `account_id=${stranger.account.id}`,
      `contact_id=${stranger.message.contact_id}`,
      `conversation_id=${stranger.message.conversation_id}`,
    ])
      expect((await scenario.api('GET', `/api/v1/messages?${filter}`)).body.data).toEqual([]);
    const all = (await scenario.api('GET', '/api/v1/messages?limit=100')).text;
    expect(all).not.toContain('not yours');
    expect(
      (await scenario.api('GET', `/api/v1/messages/statistics?account_id=${stranger.account.id}`)).body.by_account,
    ).toEqual([]);
    const nowhere = toId('message', newUuid());
    expect((await scenario.api('GET', `/api/v1/messages/${nowhere}`)).body.code).toBe('message_not_found');
    expect((await stranger.api('GET', foreign)).body.status).toBe('read');
  });
});
