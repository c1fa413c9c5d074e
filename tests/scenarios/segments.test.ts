// Segments and static lists: counted, saved, changed, left out, and used as a filter of contacts.
import { contactPage, segmentCountSchema, segmentList, segmentSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactsOfSegment } from '../../server/features/segments/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { logIsOpen } from '../setup/event-log.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario.close());

const api = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  scenario.api(method, `/api/v1${path}`, body, headers);
const made = async (path: string, body: object) => {
  const answer = await api('POST', path, body);
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return answer.body;
};
const counted = async (filter: object) => {
  const { status, body, text } = await api('POST', '/segments/count', { filter });
  expect([status, text]).toEqual([200, expect.anything()]);
  return segmentCountSchema.parse(body);
};
const peopleOf = async (segmentId: string, more = '') => {
  const { body } = await api('GET', `/contacts?segment_id=${segmentId}${more}`);
  return contactPage.parse(body).data.map(({ name }) => name);
};
const all = (...conditions: object[]) => ({ match: { all: conditions } });
const inPortugal = { field: 'country', op: 'is', value: 'PT' };

let people: Record<'ana' | 'bruno' | 'chi' | 'dora', string>;
beforeAll(async () => {
  await made('/contact-fields', { key: 'points', name: 'Points', type: 'number' });
  const [ana, bruno, chi, dora] = [
    await made('/contacts', { name: 'Ana', phone: '+351910000177', fields: { points: 7 } }),
    await made('/contacts', { name: 'Bruno', phone: '+5511987654321', fields: { points: 8 } }),
    await made('/contacts', { name: 'Chi', phone: '+351910000178' }),
    await made('/contacts', { name: 'Dora' }),
  ];
  people = { ana: ana.id, bruno: bruno.id, chi: chi.id, dora: dora.id };
  await made('/opt-outs', { contact_id: chi.id, category: 'marketing', reason: 'asked' });
});

test('a filter is counted with its countries, its reach and a sample, then saved, and finds its people', async () => {
  expect(await counted(all())).toMatchObject({
    count: 4,
    more: false,
    contacts: 4,
    countries: [
      { country: 'PT', count: 2 },
      { country: 'BR', count: 1 },
      { country: null, count: 1 },
    ],
    reach: { opted_out: 1, unreachable: 0, without_number: 1, reachable: 2, window_open: 0 },
    left_out: [],
  });
  const { sample } = await counted(all(inPortugal, { field: 'field:points', op: 'gt', value: 6.5 }));
  expect(sample).toEqual([
    {
      id: people.ana,
      name: 'Ana',
      phone: '+351910000177',
      last_received_at: null,
      because: ['match.all[0]', 'match.all[1]'],
    },
  ]);

  const name = 'Portugal';
  const segment = segmentSchema.parse(await made('/segments', { name, kind: 'filter', filter: all(inPortugal) }));
  expect(segment).toMatchObject({ filter: all(inPortugal), saved_count: 2, revision: 1, members: null, missing: [] });
  expect((await api('GET', `/segments/${segment.id}`)).body).toEqual(segment);
  expect(await peopleOf(segment.id, '&sort=name')).toEqual(['Ana', 'Chi']);
  expect(await peopleOf(segment.id, '&opted_out=false')).toEqual(['Ana']);
  expect((await api('GET', `/contacts/export?segment_id=${segment.id}`)).text.trim().split('\n')).toHaveLength(3);
  const label = await made('/labels', { name: 'portuguese', color: 'teal', on: 'contact' });
  const bulk = { action: 'add', filter: { segment_id: segment.id } };
  expect((await api('POST', `/labels/${label.id}/contacts`, bulk)).body).toEqual({ changed: 2 });
  expect((await counted(all({ field: 'label', op: 'is', value: label.id }))).count).toBe(2);

  expect(await api('POST', '/segments', { name: 'PORTUGÁL', kind: 'list' })).toMatchObject({
    status: 409,
    body: { code: 'segment_taken' },
  });
  expect((await api('GET', '/contacts?segment_id=seg_01k9m3q5w8e7taz4x2c6v0b1nw')).body.code).toBe('segment_not_found');
});

test('a change needs the revision that it is based on, where it names one', async () => {
  const { id } = await made('/segments', { name: 'Ours', kind: 'filter' });
  const path = `/segments/${id}`;
  const change = (body: object, revision?: string) =>
    api('PATCH', path, body, revision === undefined ? {} : { 'if-match': revision });
  const filter = all({ field: 'name', op: 'begins', value: 'B' });
  const changed = await change({ filter }, '"1"');
  expect(changed).toMatchObject({ status: 200, body: { filter, saved_count: 1, revision: 2 } });
  expect(await change({ name: 'Theirs' }, '"1"')).toMatchObject({ status: 412, body: { code: 'segment_changed' } });
  expect(await change({ name: 'Theirs' }, '1')).toMatchObject({ status: 400 });
  expect(await change({ name: 'Bs' })).toMatchObject({ status: 200, body: { name: 'Bs', filter, revision: 3 } });
  expect(await change({ name: 'portugal' })).toMatchObject({ status: 409, body: { code: 'segment_taken' } });
  expect((await api('DELETE', path)).status).toBe(204);
  expect((await api('GET', path)).body.code).toBe('segment_not_found');
  expect(await change({ name: 'Bs' })).toMatchObject({ status: 404 });
});

test('an error names the condition and the remedy', async () => {
  const label = await made('/labels', { name: 'thread', color: 'teal', on: 'conversation' });
  const wrong: [object, string, string][] = [
    [{ field: 'nothing', op: 'is', value: 1 }, '.field', 'Must be one of name, label'],
    [{ field: 'field:shop', op: 'is', value: 'x' }, '.field', 'no such field'],
    [{ field: 'toString', op: 'is', value: 'x' }, '.field', 'Must be one of'],
    [{ field: 'name', op: 'gt', value: 'x' }, '.op', 'Must be one of is, is_not'],
    [{ field: 'unread', op: 'is_not', value: true }, '.op', 'Must be one of is for unread'],
    [{ field: 'name', op: 'is' }, '.value', 'Is missing.'],
    [{ field: 'name', op: 'is', value: '' }, '.value', 'text of 1'],
    [{ field: 'name', op: 'is_set', value: 'x' }, '.value', 'left out'],
    [{ field: 'name', op: 'in', value: [] }, '.value', 'list of 1 to 100'],
    [{ field: 'name', op: 'in', value: ['a', 1] }, '.value', 'text of 1'],
    [{ field: 'country', op: 'is', value: 'XX' }, '.value', 'country'],
    [{ field: 'language', op: 'is', value: 'Portuguese' }, '.value', 'language code'],
    [{ field: 'created', op: 'before', value: 'yesterday' }, '.value', 'ISO 8601'],
    [{ field: 'created', op: 'between', value: ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'] }, '.value', 'smaller'],
    [{ field: 'last_received', op: 'within_days', value: 0 }, '.value', 'whole number of days'],
    [{ field: 'last_received', op: 'within_days', value: '7' }, '.value', 'whole number of days'],
    [{ field: 'field:points', op: 'is', value: '7' }, '.value', 'number'],
    [{ field: 'field:points', op: 'gt', value: 1e300 }, '.value', 'number'],
    [{ field: 'field:points', op: 'between', value: [1] }, '.value', 'two values'],
    [{ field: 'label', op: 'is', value: label.id }, '.value', 'a label for contacts'],
    [{ field: 'account', op: 'is', value: 'acc_01k9m3q5w8e7taz4x2c6v0b1n5' }, '.value', 'an account'],
    [{ field: 'opted_out', op: 'is', value: 'none' }, '.value', 'marketing or all'],
  ];
  for (const [condition, place, says] of wrong)
    expect([
      condition,
      await api('POST', '/segments/count', { filter: all(inPortugal, { any: [condition] }) }),
    ]).toMatchObject([
      condition,
      {
        status: 400,
        body: { errors: [{ field: `filter.match.all[1].any[0]${place}`, message: expect.stringContaining(says) }] },
      },
    ]);
  const leaf = { field: 'name', op: 'is_set' };
  for (const [match, field] of [
    [{ all: [], any: [] }, 'filter.match'],
    [{}, 'filter.match'],
    [{ any: [] }, 'filter.match.any'],
    [{ all: [{ any: [] }] }, 'filter.match.all[0].any'],
    [{ all: [{ all: [{ all: [{ all: [leaf] }] }] }] }, 'filter.match.all[0]'],
    [{ all: [{ any: Array(16).fill(leaf) }, { any: Array(15).fill(leaf) }] }, 'filter.match'],
    [{ all: Array(31).fill(leaf) }, 'filter.match.all'],
  ] as const)
    expect([match, await api('POST', '/segments', { name: 'x', kind: 'filter', filter: { match } })]).toMatchObject([
      match,
      { status: 400, body: { errors: [{ field }] } },
    ]);
  expect(
    (await counted({ match: { all: [{ any: Array(15).fill(leaf) }, { any: Array(15).fill(leaf) }] } })).count,
  ).toBe(4);
});

test('a list has the people that somebody puts into it, and what happens to them happens to it', async () => {
  const filter = all(inPortugal);
  const list = segmentSchema.parse(await made('/segments', { name: 'Kept', kind: 'list', filter }));
  expect(list).toMatchObject({ kind: 'list', filter: null, members: 2, saved_count: null });
  const members = `/segments/${list.id}/members`;
  const { ana, bruno, dora } = people;
  expect((await api('POST', members, { action: 'add', contact_ids: [ana, bruno] })).body).toEqual({ changed: 1 });
  expect((await api('POST', members, { action: 'add', filter: { search: 'Dora' } })).body).toEqual({ changed: 1 });
  expect((await api('POST', members, { action: 'remove', contact_ids: [bruno, people.chi] })).body).toEqual({
    changed: 2,
  });
  expect(await peopleOf(list.id, '&sort=name')).toEqual(['Ana', 'Dora']);
  const { body: count } = await api('POST', '/segments/count', { segment_id: list.id });
  expect(segmentCountSchema.parse(count)).toMatchObject({ count: 2, sample: [{ because: [] }, { because: [] }] });
  expect((await api('POST', '/segments/count', { segment_id: list.id, filter })).status).toBe(400);
  expect(await api('PATCH', `/segments/${list.id}`, { filter })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'filter' }] },
  });
  const portugal = (await api('GET', '/segments?kind=filter')).body.data[0];
  expect((await api('POST', `/segments/${portugal.id}/members`, { action: 'add', contact_ids: [ana] })).body.code).toBe(
    'segment_is_filter',
  );

  // A merge moves the membership, a deletion and an erasure end it.
  const twin = await made('/contacts', { name: 'Ana S.', phone: '+351910000179' });
  await api('POST', members, { action: 'add', contact_ids: [twin.id] });
  await api('POST', members, { action: 'remove', contact_ids: [ana] });
  expect((await api('POST', `/contacts/${ana}/merge`, { other_id: twin.id })).status).toBe(200);
  expect(await peopleOf(list.id, '&sort=name')).toEqual(['Ana', 'Dora']);
  expect((await api('DELETE', `/contacts/${dora}`)).status).toBe(204);
  expect(await peopleOf(list.id)).toEqual(['Ana']);
  expect((await api('GET', `/contacts/${ana}/export`)).text).toContain('"lists":["Kept"]');
  expect((await api('POST', `/contacts/${ana}/erase`)).status).toBeLessThan(300);
  expect((await api('GET', `/segments/${list.id}`)).body).toMatchObject({ members: 0 });
  expect(await scenario.sql('select 1 from segment_member where segment_id = $1', [toUuid(list.id)])).toEqual([]);
});

test('a segment leaves others out, which stay as long as it does', async () => {
  const brazil = { field: 'country', op: 'is', value: 'BR' };
  const staff = await made('/segments', { name: 'Staff', kind: 'list' });
  await api('POST', `/segments/${staff.id}/members`, { action: 'add', contact_ids: [people.chi] });
  const wholesale = await made('/segments', { name: 'Wholesale', kind: 'filter', filter: all(brazil) });
  const filter = { ...all({ field: 'name', op: 'is_set' }), leave_out: [staff.id, wholesale.id] };
  const open = await made('/contacts', { name: 'Eva', phone: '+33612345678' });
  expect(await counted(filter)).toMatchObject({
    count: 1,
    left_out: [
      { segment_id: staff.id, fits: 1 },
      { segment_id: wholesale.id, fits: 1 },
    ],
    sample: [{ id: open.id }],
  });
  const segment = await made('/segments', { name: 'The others', kind: 'filter', filter });
  expect(await peopleOf(segment.id)).toEqual(['Eva']);

  expect(await api('DELETE', `/segments/${staff.id}`)).toMatchObject({
    status: 409,
    body: { code: 'segment_left_out', detail: expect.stringContaining('The others') },
  });
  // As the engine reads it, which no row-level security limits: page by page, in the order of the ids.
  const [owned] = await scenario.sql<{ id: string }>('select workspace_id as id from account where id = $1', [
    toUuid(scenario.account.id),
  ]);
  const realm = { workspaceId: owned?.id ?? '', accounts: undefined, now: new Date() };
  const everybody = await made('/segments', {
    name: 'Everybody',
    kind: 'filter',
    filter: all({ field: 'name', op: 'is_set' }),
  });
  const read: string[] = [];
  for (let after: string | null = null; read.length < 10; after = read.at(-1) ?? null) {
    const page = await contactsOfSegment(scenario.engineDb, realm, toUuid(everybody.id), { after, limit: 2 });
    const rows = await scenario.engineDb.query<{ id: string }>(page);
    read.push(...rows.map(({ id }) => id));
    if (rows.length < 2) break;
  }
  const { body: contacts } = await api('GET', `/contacts?segment_id=${everybody.id}`);
  expect(read).toEqual(
    contactPage
      .parse(contacts)
      .data.map(({ id }) => toUuid(id))
      .reverse(),
  );
  await api('DELETE', `/segments/${everybody.id}`);

  for (const [path, leave_out, says] of [
    ['', [segment.id], 'The others leaves out segments itself'],
    ['', ['seg_01k9m3q5w8e7taz4x2c6v0b1nw'], 'no such segment'],
    [`/${segment.id}`, [segment.id], 'itself out'],
    [`/${wholesale.id}`, [staff.id], 'The others leaves this segment out'],
  ] as const)
    expect(
      await api(path ? 'PATCH' : 'POST', `/segments${path}`, {
        ...(path ? {} : { name: 'Wrong', kind: 'filter' }),
        filter: { ...all(brazil), leave_out },
      }),
    ).toMatchObject({ status: 400, body: { detail: expect.stringContaining(says) } });
  expect((await api('DELETE', `/segments/${segment.id}`)).status).toBe(204);
  expect((await api('DELETE', `/segments/${staff.id}`)).status).toBe(204);
});

test('a condition about something that is gone is named, and sees nobody with a value', async () => {
  const label = await made('/labels', { name: 'short', color: 'teal', on: 'contact' });
  await api('PUT', `/contacts/${people.bruno}/labels/${label.id}`);
  const has = { field: 'label', op: 'is', value: label.id };
  const filter = { match: { any: [has, { all: [{ field: 'label', op: 'is_not', value: label.id }, inPortugal] }] } };
  const segment = await made('/segments', { name: 'Labelled', kind: 'filter', filter });
  expect(await peopleOf(segment.id, '&sort=name')).toEqual(['Bruno', 'Chi']);
  await api('DELETE', `/labels/${label.id}`);
  expect((await api('GET', `/segments/${segment.id}`)).body.missing).toEqual(['match.any[0]', 'match.any[1].all[0]']);
  expect(await peopleOf(segment.id)).toEqual(['Chi']);
  expect(await api('PATCH', `/segments/${segment.id}`, { filter })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'filter.match.any[0].value' }, { field: 'filter.match.any[1].all[0].value' }] },
  });
});

test('programs hear of segments, and the audit log knows who changed them', async () => {
  await logIsOpen(scenario);
  const { body: before } = await api('GET', '/events?limit=1');
  const list = await made('/segments', { name: 'Heard', kind: 'list' });
  await api('POST', `/segments/${list.id}/members`, { action: 'add', contact_ids: [people.bruno] });
  await api('POST', `/segments/${list.id}/members`, { action: 'add', contact_ids: [people.bruno] });
  await api('PATCH', `/segments/${list.id}`, { name: 'Heard of' });
  await api('DELETE', `/segments/${list.id}`);
  await logIsOpen(scenario);
  const { body } = await api('GET', `/events?types=segment.*&limit=100`);
  const mine = body.data.filter(({ data }: { data: { segment_id: string } }) => data.segment_id === list.id);
  expect(mine.map(({ type, data }: { type: string; data: { name: string } }) => [type, data.name]).sort()).toEqual(
    [
      ['segment.created', 'Heard'],
      ['segment.deleted', 'Heard of'],
      ['segment.updated', 'Heard'],
      ['segment.updated', 'Heard of'],
    ].sort(),
  );
  expect(before).toBeDefined();
  const { body: log } = await api('GET', `/audit?target_id=${list.id}`);
  expect(log.data.map(({ action }: { action: string }) => action)).toEqual([
    'segment.deleted',
    'segment.updated',
    'segment.members_added',
    'segment.members_added',
    'segment.created',
  ]);
  const names = segmentList.parse((await api('GET', '/segments')).body).data.map(({ name }) => name);
  expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
});

test('of more than 10,000 people it says so, whichever lookup is narrowest', async () => {
  const { body: label } = await api('POST', '/labels', { name: 'many', color: 'teal', on: 'contact' });
  const owner = await scenario.sql<{ workspace_id: string }>('select workspace_id from label where id = $1', [
    toUuid(label.id),
  ]);
  const workspace = owner[0]?.workspace_id;
  // Points 0 to 9, a third of them labelled, every other one with a number in Portugal, one in 500 in French.
  await scenario.sql(
    `with made as (insert into contact (id, workspace_id, language, fields)
       select overlay(uuidv7()::text placing lpad(n::text, 12, '0') from 25)::uuid, $1, case when n % 500 = 0 then 'fr' end,
         jsonb_build_object('points', n % 10) from generate_series(1, 21000) n returning id, workspace_id),
     numbered as (insert into contact_address (workspace_id, kind, value, contact_id)
       select $1, 'phone', '+351930' || right(id::text, 6), id from made where right(id::text, 12)::int % 2 = 0)
     insert into contact_label (label_id, contact_id, workspace_id)
       select $2, id, workspace_id from made where right(id::text, 12)::int % 3 = 0`,
    [workspace, toUuid(label.id)],
  );
  await scenario.sql('vacuum analyze contact, contact_label, contact_address');
  const labelled = { field: 'label', op: 'is', value: label.id };
  const points = (value: number) => ({ field: 'field:points', op: 'is', value });
  expect(await counted(all({ field: 'field:points', op: 'gt', value: -1 }))).toMatchObject({
    count: 10_000,
    more: true,
    countries: null,
    reach: null,
  });
  expect((await counted(all(labelled))).count).toBe(7_000);
  expect((await counted(all(labelled, points(3)))).count).toBe(700);
  expect((await counted(all(points(3), labelled, { field: 'language', op: 'is', value: 'fr' }))).count).toBe(0);
  expect((await counted(all(points(0), labelled, { field: 'language', op: 'is', value: 'fr' }))).count).toBe(14);
  expect((await counted(all({ any: [points(1), { field: 'language', op: 'is', value: 'fr' }] }, labelled))).count).toBe(
    714,
  );
  const unlabelled = { ...labelled, op: 'is_not' };
  const many = { field: 'field:points', op: 'gt', value: 7 };
  expect((await counted(all(labelled, inPortugal))).count).toBe(3_500);
  expect((await counted(all(labelled, inPortugal, many))).count).toBe(700);
  // Bruno too.
  expect((await counted(all(unlabelled, many))).count).toBe(2_801);
  expect((await counted(all(unlabelled, inPortugal, points(4)))).count).toBe(1_400);
  expect((await counted(all({ any: [points(4), points(5), labelled] }, inPortugal, many))).count).toBe(700);
  const { body } = await api('POST', '/segments', {
    name: 'Too many',
    kind: 'list',
    filter: all(),
  });
  expect(body.code).toBe('too_many_members');
});
