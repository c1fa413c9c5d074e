// Own fields, labels and languages of contacts: set, found, exported, taken away.
import { contactPage, contactSchema, conversationSchema, labelColors } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { logIsOpen } from '../setup/event-log.ts';
import type { Answer, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let stranger: Awaited<ReturnType<Scenario['stranger']>>;
beforeAll(async () => {
  scenario = await openWorkspace();
  stranger = await scenario.stranger();
});
afterAll(() => scenario.close());

const api = (method: string, path: string, body?: unknown) => scenario.api(method, `/api/v1${path}`, body);
const made = async (path: string, body: object) => {
  const answer = await api('POST', path, body);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return answer.body;
};
const idsOf = ({ body }: Answer): string[] => contactPage.parse(body).data.map(({ id }) => id);
const found = async (query: string) => idsOf(await api('GET', `/contacts?${query}`));
/** A query as an address has it: a text that is searched for may have any character. */
const urlOf = (query: string) => {
  const [, text] = /^search=(.*)$/.exec(query) ?? [];
  return text === undefined ? encodeURI(query) : `search=${encodeURIComponent(text)}`;
};
const sweep = () => scenario.recado.sweeper?.sweep();

describe('own fields', () => {
  test('each type takes its values only, and an error names the field', async () => {
    for (const [key, type, more] of [
      ['shop', 'choice', { choices: ['Chiado', 'Almada'] }],
      ['birthday', 'date', {}],
      ['customer_no', 'number', {}],
      ['by_mail', 'yes_no', {}],
      ['email', 'text', {}],
    ] as const)
      await made('/contact-fields', { key, name: `The ${key}`, type, ...more });
    const { body: list } = await api('GET', '/contact-fields');
    expect(list.data.map(({ key, position }: { key: string; position: number }) => [key, position])).toEqual([
      ['shop', 1],
      ['birthday', 2],
      ['customer_no', 3],
      ['by_mail', 4],
      ['email', 5],
    ]);
    const fields = {
      shop: 'Chiado',
      birthday: '1990-03-14',
      customer_no: 20418,
      by_mail: false,
      email: 'Ana@example.com',
    };
    const ana = contactSchema.parse(await made('/contacts', { name: 'Ana Souza', fields, language: 'pt' }));
    expect(ana).toMatchObject({ fields, language: 'pt' });
    expect(ana.field_sources.shop).toMatchObject({ kind: 'person', name: expect.any(String) });
    const path = `/contacts/${ana.id}`;
    for (const [key, value, says] of [
      ['shop', 'Porto', 'Chiado, Almada'],
      ['birthday', '1990-02-30', 'date'],
      ['birthday', '14.3.1990', 'date'],
      ['customer_no', '20418', 'number'],
      ['customer_no', 1e300, 'number'],
      ['by_mail', 'yes', 'true or false'],
      ['email', 7, 'text'],
      ['email', ' ', 'text'],
      ['nothing', 'x', 'not a field'],
    ] as const)
      expect(await api('PATCH', path, { name: 'Not stored', fields: { [key]: value } })).toMatchObject({
        status: 400,
        body: { errors: [{ field: `fields.${key}`, message: expect.stringContaining(says) }] },
      });
    for (const wrong of [{ email: 'x'.repeat(501) }, { email: {} }, { Email: 'x' }, 'x'])
      expect((await api('PATCH', path, { fields: wrong })).status).toBe(400);
    expect((await api('GET', path)).body).toEqual(ana);

    const key = await made('/keys', { name: 'Shop', scopes: ['contacts.manage', 'contacts.read'] });
    const shop = scenario.as(key.key);
    const changed = await shop('PATCH', `/api/v1${path}`, { fields: { shop: 'Almada', by_mail: null } });
    expect(changed.body).toMatchObject({
      name: 'Ana Souza',
      fields: { shop: 'Almada', birthday: '1990-03-14', customer_no: 20418, email: 'Ana@example.com' },
      field_sources: { shop: { kind: 'api_key', id: key.id, name: 'Shop' }, email: ana.field_sources.email },
    });
    expect(Object.keys(changed.body.field_sources)).not.toContain('by_mail');
    expect((await shop('POST', '/api/v1/contact-fields', { key: 'x', name: 'X', type: 'text' })).status).toBe(403);
  });

  test('a contact is found by the beginning of a value, by a whole value, and by its reference', async () => {
    const bea = await made('/contacts', {
      name: 'Beatriz',
      reference: 'crm-Ω',
      phone: '+5511977770190',
      fields: { shop: 'Chiado', customer_no: 71, email: "o'Neil\\x@example.com", by_mail: true },
      language: 'pt_BR',
    });
    for (const [query, expected] of [
      ["search=O'NEIL\\", true],
      ['search=chia', true],
      ['search=crm-Ω', true],
      ['search=crm-', false],
      ['search=true', false],
      ["search=':& |!*()\\", false],
      ['search= ', false],
      ['field=customer_no:71', true],
      ['field=customer_no:71.0', true],
      ['field=customer_no:7', false],
      ['field=by_mail:true', true],
      ['field=shop:Chiado', true],
      ['field=shop:chiado', false],
      ['language=pt_BR', true],
      ['language=es', false],
      ['country=BR', true],
      ['country=PT', false],
      ['opted_out=false', true],
      ['opted_out=true', false],
      ['unread=false', true],
      ['unread=true', false],
      ['created_from=2020-01-01T00:00:00Z', true],
      ['created_until=2020-01-01T00:00:00Z', false],
      ['field=shop:Chiado&language=pt_BR&country=BR&search=bea&opted_out=false', true],
      ['field=shop:Chiado&language=pt', false],
    ] as const) {
      for (const sort of ['created', 'name', 'last_message'])
        expect([query, (await found(`${urlOf(query)}&sort=${sort}`)).includes(bea.id)]).toEqual([query, expected]);
      const theirs = `/api/v1/contacts?${urlOf(query).replace(/field=[^&]*&?/, '')}`;
      expect(idsOf(await stranger.api('GET', theirs))).not.toContain(bea.id);
    }
    for (const [query, field] of [
      ['field=nothing:1', 'field'],
      ['field=customer_no:x', 'field'],
      ['field=by_mail:maybe', 'field'],
      ['field=shop', 'field'],
      ['country=XX', 'country'],
      ['sort=size', 'sort'],
    ])
      expect(await api('GET', `/contacts?${query}`)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    await api('DELETE', `/contacts/${bea.id}`);
    expect(await found('search=chia')).not.toContain(bea.id);
  });

  test('a field changes its name, its choices and its place, and goes with its values', async () => {
    const { data } = (await api('GET', '/contact-fields')).body;
    const [shop] = data;
    const path = `/contact-fields/${shop.id}`;
    const cle = await made('/contacts', { name: 'Cleide', fields: { shop: 'Almada', customer_no: 1 } });
    const changed = await api('PATCH', path, { name: 'Store', choices: ['Chiado'], position: 3 });
    expect(changed.body).toMatchObject({ key: 'shop', name: 'Store', choices: ['Chiado'], position: 3 });
    const { body: list } = await api('GET', '/contact-fields');
    expect(list.data.map(({ key }: { key: string }) => key).slice(0, 3)).toEqual(['birthday', 'customer_no', 'shop']);
    expect((await api('GET', `/contacts/${cle.id}`)).body.fields.shop).toBe('Almada');
    expect(await found('field=shop:Almada')).toContain(cle.id);
    expect((await api('PATCH', `/contacts/${cle.id}`, { fields: { shop: 'Almada' } })).status).toBe(400);
    expect(await api('PATCH', `/contact-fields/${list.data[0].id}`, { choices: ['x'] })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'choices' }] },
    });
    const again = { key: 'shop', name: 'Shop', type: 'text' };
    expect((await api('POST', '/contact-fields', again)).body.code).toBe('contact_field_taken');
    for (const wrong of [
      { ...again, key: '1x' },
      { ...again, key: 'a', type: 'choice' },
      { ...again, key: 'b', choices: ['x'] },
    ])
      expect((await api('POST', '/contact-fields', wrong)).status).toBe(400);

    expect((await api('DELETE', path)).status).toBe(204);
    expect((await api('DELETE', path)).status).toBe(404);
    expect((await api('POST', '/contact-fields', again)).body.code).toBe('contact_field_being_deleted');
    await sweep();
    const left = (await api('GET', `/contacts/${cle.id}`)).body;
    expect([left.fields, Object.keys(left.field_sources)]).toEqual([{ customer_no: 1 }, ['customer_no']]);
    const [shopAgain] = [await made('/contact-fields', again)];
    expect(shopAgain).toMatchObject({ type: 'text', position: 5 });
    await logIsOpen(scenario);
    const types = 'contact_field.created,contact_field.updated,contact_field.deleted';
    const told = (await api('GET', `/events?types=${types}&limit=100`)).body.data;
    expect(told.filter(({ type }: { type: string }) => type === 'contact_field.deleted')).toMatchObject([
      { data: { contact_field_id: shop.id, key: 'shop' } },
    ]);
    for (const method of ['PATCH', 'DELETE'])
      expect(
        (
          await stranger.api(
            method,
            `/api/v1/contact-fields/${shopAgain.id}`,
            method === 'PATCH' ? { name: 'x' } : undefined,
          )
        ).status,
      ).toBe(404);
    expect((await stranger.api('GET', '/api/v1/contact-fields')).body).toEqual({ data: [] });
  });
});

describe('labels', () => {
  test('are of contacts or of conversations, with unique names', async () => {
    const label = await made('/labels', { name: 'École', color: 'teal', on: 'contact' });
    expect(label).toMatchObject({ name: 'École', color: 'teal', on: 'contact', used_by: 0 });
    const taken = await api('POST', '/labels', { name: 'ecole', color: 'gray', on: 'contact' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'label_taken' } });
    const thread = await made('/labels', { name: 'Complaint', color: labelColors[7], on: 'conversation' });
    await made('/labels', { name: 'ecole', color: 'gray', on: 'conversation' });

    const dora = await made('/contacts', { name: 'Dora', label_ids: [label.id] });
    expect(dora.labels).toEqual([{ id: label.id, name: 'École', color: 'teal' }]);
    expect(await found(`label_id=${label.id}&sort=name`)).toEqual([dora.id]);
    const wrong = await api('PATCH', `/contacts/${dora.id}`, { label_ids: [label.id, thread.id] });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'label_ids[1]' }] } });
    expect((await api('PUT', `/contacts/${dora.id}/labels/${thread.id}`)).body.code).toBe('label_for_others');
    expect((await api('DELETE', `/contacts/${dora.id}/labels/${label.id}`)).body.labels).toEqual([]);
    expect((await api('PUT', `/contacts/${dora.id}/labels/${label.id}`)).body.labels).toHaveLength(1);
    expect((await api('PUT', `/contacts/${dora.id}/labels/${label.id}`)).body.labels).toHaveLength(1);

    const message = await scenario.send('+33612000771');
    const path = `/conversations/${message.conversation_id}`;
    const put = await api('PUT', `${path}/labels/${thread.id}`);
    expect(conversationSchema.parse(put.body).labels).toEqual([{ id: thread.id, name: 'Complaint', color: 'brown' }]);
    const listed = (await api('GET', `/conversations?label_id=${thread.id}`)).body;
    expect([listed.data.map(({ id }: { id: string }) => id), listed.page.total]).toEqual([
      [message.conversation_id],
      1,
    ]);
    expect(
      (await api('GET', '/labels?on=conversation')).body.data.map((each: { used_by: number }) => each.used_by),
    ).toEqual([1, 0]);
    const theirs = (await stranger.api('POST', '/api/v1/labels', { name: 'x', color: 'teal', on: 'conversation' }))
      .body;
    expect((await api('PUT', `${path}/labels/${theirs.id}`)).status).toBe(404);
    expect((await stranger.api('PUT', `/api/v1${path}/labels/${theirs.id}`)).body.code).toBe('conversation_not_found');
    expect((await stranger.api('PUT', `/api/v1${path}/labels/${thread.id}`)).body.code).toBe('conversation_not_found');

    const { body: renamed } = await api('PATCH', `/labels/${label.id}`, { name: 'ECOLE', color: 'violet' });
    expect(renamed).toMatchObject({ name: 'ECOLE', color: 'violet', used_by: 1 });
    for (const id of [label.id, thread.id]) expect((await api('DELETE', `/labels/${id}`)).status).toBe(204);
    expect((await api('GET', `/contacts/${dora.id}`)).body.labels).toEqual([]);
    expect((await api('GET', path)).body.labels).toEqual([]);
    await sweep();
    const left = await scenario.sql('select 1 from contact_label where label_id = $1', [toUuid(label.id)]);
    expect(left).toEqual([]);
    expect(await scenario.sql('select 1 from label where id = any ($1)', [[label.id, thread.id].map(toUuid)])).toEqual(
      [],
    );

    await logIsOpen(scenario);
    const told = (
      await api('GET', '/events?types=label.created,label.updated,label.deleted,conversation.updated&limit=100')
    ).body.data;
    const about = told.filter(({ data }: { data: { label_id?: string } }) => data.label_id === label.id);
    expect(about.map(({ type }: { type: string }) => type)).toEqual([
      'label.created',
      'label.updated',
      'label.deleted',
    ]);
    expect(told.filter(({ type }: { type: string }) => type === 'conversation.updated')).toMatchObject([
      { account_id: scenario.account.id, data: { conversation_id: message.conversation_id } },
    ]);
  });

  test('many contacts get one at once, by their ids or by a filter', async () => {
    const label = await made('/labels', { name: 'bulk', color: 'olive', on: 'contact' });
    const ids: string[] = [];
    for (const n of [1, 2, 3]) ids.push((await made('/contacts', { name: `Bulk ${n}`, language: 'ar' })).id);
    const path = `/labels/${label.id}/contacts`;
    const apply = async (body: object) => (await api('POST', path, body)).body;
    expect(await apply({ action: 'add', contact_ids: [ids[0], ids[0], stranger.message.contact_id] })).toEqual({
      changed: 1,
    });
    expect(await apply({ action: 'add', filter: { language: 'ar' } })).toEqual({ changed: 2 });
    expect(await found(`label_id=${label.id}`)).toEqual(ids.toReversed());
    const pages = [];
    let cursor = '';
    for (const sort of ['name', 'last_message'])
      do {
        const { body } = await api('GET', `/contacts?label_id=${label.id}&sort=${sort}&limit=2${cursor}`);
        pages.push(...body.data.map(({ id }: { id: string }) => id));
        cursor = body.page.next_cursor ? `&cursor=${encodeURIComponent(body.page.next_cursor)}` : '';
      } while (cursor);
    expect(pages).toEqual([...ids, ...ids.toReversed()]);
    expect(await apply({ action: 'remove', filter: { label_id: label.id, search: 'Bulk 2' } })).toEqual({ changed: 1 });
    expect(await apply({ action: 'add', filter: { label_id: label.id, ids: 'x' } })).toMatchObject({
      code: 'invalid_request',
    });
    for (const wrong of [{ action: 'add' }, { action: 'add', contact_ids: [], filter: {} }])
      expect((await api('POST', path, wrong)).status).toBe(400);
    expect((await stranger.api('POST', `/api/v1${path}`, { action: 'add', filter: {} })).status).toBe(404);
    const [entry] = (await api('GET', '/audit?action=contacts.labelled')).body.data;
    expect(entry).toMatchObject({ target: { id: label.id }, detail: { contacts: 2, filters: ['language'] } });
  });
});

test('the list by name and by last message has every contact once, page by page', async () => {
  await scenario.send('+33612000772');
  const { body: all } = await api('GET', '/contacts?limit=100');
  const known = contactPage.parse(all).data;
  const walked = async (sort: string) => {
    const rows: typeof known = [];
    for (let cursor = ''; ; ) {
      const { body } = await api('GET', `/contacts?sort=${sort}&limit=3${cursor}`);
      rows.push(...body.data);
      expect(body.page.total).toBe(known.length);
      if (!body.page.next_cursor) return rows;
      cursor = `&cursor=${encodeURIComponent(body.page.next_cursor)}`;
    }
  };
  const names = (await walked('name')).map(({ name }) => name);
  expect(names).toHaveLength(known.length);
  const sorted = names.filter(name => name !== null);
  expect(sorted).toEqual(sorted.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  expect(names.slice(sorted.length).every(name => name === null)).toBe(true);
  const byMessage = await walked('last_message');
  expect(new Set(byMessage.map(({ id }) => id)).size).toBe(known.length);
  const times = byMessage.map(({ last_message_at }) => last_message_at ?? '');
  expect(times).toEqual(times.toSorted().reverse());
  expect(times[0]).not.toBe('');
  expect(times.at(-1)).toBe('');
  const { body } = await api('GET', '/contacts?sort=last_message&limit=100&offset=2');
  expect(body.data.map(({ id }: { id: string }) => id)).toEqual(byMessage.slice(2).map(({ id }) => id));
});

test('an export has the filter, the fields, no formula, and an entry in the audit log', async () => {
  await made('/contacts', { name: '=cmd()', language: 'es', fields: { email: '@x"y', customer_no: 12 } });
  const { text, headers } = await api('GET', '/contacts/export?language=es');
  expect(headers.get('content-disposition')).toContain('contacts.csv');
  const [head, line, end] = text.split('\r\n');
  expect(head).toContain('"fields.customer_no"');
  expect(line).toContain(`"'=cmd()"`);
  expect(line).toContain(`"'@x""y"`);
  expect(line).toContain('"12"');
  expect(end).toBe('');
  const [entry] = (await api('GET', '/audit?action=contacts.exported')).body.data;
  expect(entry.detail).toEqual({ filters: ['language'] });
});

test('the export of a person has fields and labels, and an erasure takes them', async () => {
  const label = await made('/labels', { name: 'secret club', color: 'brown', on: 'contact' });
  const thread = await made('/labels', { name: 'secret thread', color: 'brown', on: 'conversation' });
  const message = await scenario.send('+33612000773');
  const path = `/contacts/${message.contact_id}`;
  await api('PATCH', path, { fields: { email: 'erase@example.com' }, label_ids: [label.id], language: 'pt' });
  await api('PUT', `/conversations/${message.conversation_id}/labels/${thread.id}`);
  await scenario.settle();
  const { body } = await api('GET', `${path}/export`);
  expect(body.contacts).toMatchObject([
    { fields: { email: 'erase@example.com' }, labels: ['secret club'], language: 'pt' },
  ]);
  expect(body.conversations).toMatchObject([{ labels: ['secret thread'] }]);
  expect((await api('POST', `${path}/erase`)).status).toBe(200);
  const [row] = await scenario.sql<{ row: object }>('select to_jsonb(c) as row from contact c where id = $1', [
    toUuid(message.contact_id),
  ]);
  expect(row?.row).toMatchObject({ fields: null, field_sources: null, language: null });
  const left = await scenario.sql(
    'select 1 from contact_label where contact_id = $1 union all select 1 from conversation_label where conversation_id = $2',
    [toUuid(message.contact_id), toUuid(message.conversation_id)],
  );
  expect(left).toEqual([]);
});
