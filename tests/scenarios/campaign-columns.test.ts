// Columns of a file as values of a campaign: kept by the import, frozen on the list, and gone with the person or the rows.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { checked, done as doneImport, imported, importOf, rowsOf, uploaded } from '../setup/import-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true });
});
afterAll(() => scenario.close());

async function done(method: string, path: string, body?: object): Promise<Json> {
  const answer = await scenario.api(method, `/api/v1/${path}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

const withPhone = async (phone: string): Promise<string> =>
  (await done('GET', `contacts?phone=${encodeURIComponent(phone)}`)).data[0].id;

/** A campaign that says the visit of each person. */
const draft = (variable: object, include: object[], more: object = {}): Promise<Json> =>
  done('POST', 'campaigns', {
    name: 'Visits',
    account_ids: [scenario.account.id],
    include,
    variants: [
      {
        share: 100,
        message: {
          type: 'template',
          template: {
            name: 'appointment_reminder',
            language: { code: 'en_US' },
            components: [
              {
                type: 'body',
                parameters: [
                  { type: 'text', text: '{{who}}' },
                  { type: 'text', text: '{{visit}}' },
                ],
              },
            ],
          },
          variables: { who: { from: 'built_in', value: 'first_name', fallback: 'friend' }, visit: variable },
        },
      },
    ],
    ...more,
  });

const visitIn = (content: Json): string => content.components[0].parameters[1].text;

/** The text that each person got, by their names. */
async function visitsOf(id: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, message_id: message } of (await done('GET', `campaigns/${id}/recipients?limit=100`)).data)
    if (message) found[name] = visitIn((await done('GET', `messages/${message}`)).template);
  return found;
}

async function until(id: string, state: string): Promise<void> {
  for (let n = 0; n < 60; n++) {
    if ((await done('GET', `campaigns/${id}`)).state === state) return;
    await scenario.advance(2_000);
  }
  expect((await done('GET', `campaigns/${id}`)).state).toBe(state);
}

const kept = (id: string) =>
  scenario.sql<{ kept: object }>(
    'select kept from campaign_recipient where campaign_id = $1 and kept is not null order by kept::text',
    [toUuid(id)],
  );

const keeps = (column: number) => ({ columns: [{ column, target: 'value' }] });

test('a column is kept by its name, beside the contact, and a wrong one says why', async () => {
  const file = 'name,phone,Próxima visita,próxima-visita\nAna,+351912310090,19 December,\nBia,+351912310091,';
  const { id } = await uploaded(scenario, `${file}${'x'.repeat(1_001)},`);
  const both = [3, 4].map(column => ({ column, target: 'value' }));
  const refused = await scenario.api('PATCH', `/api/v1/imports/${id}`, { columns: both });
  expect(refused.body).toMatchObject({
    status: 400,
    errors: [{ field: 'columns[1].target', message: expect.stringContaining('key proxima_visita too') }],
  });
  const { columns, counts } = await checked(scenario, id, keeps(3));
  expect(columns.map(({ key }) => key)).toEqual([null, null, 'proxima_visita', null]);
  expect(counts).toMatchObject({ new: 1, invalid: 1 });
  expect(await rowsOf(scenario, id)).toMatchObject([
    { name: 'Ana', values: { proxima_visita: '19 December' }, fields: {} },
    { name: 'Bia', code: 'value_too_long', column: 3 },
  ]);
  const cells = [{ column: 3, value: '20 December' }];
  expect(await done('PATCH', `imports/${id}/rows/3`, { cells })).toMatchObject({
    fate: 'new',
    values: { proxima_visita: '20 December' },
  });
  expect((await checked(scenario, id, { columns: [{ column: 3, target: 'leave_out' }] })).columns[2]?.key).toBeNull();
  expect(await rowsOf(scenario, id)).toMatchObject([{ values: {} }, { values: {} }]);
});

test('each person is told the value of their last row, others the fallback, also after the file is gone', async () => {
  const lines = [
    'name,phone,Visit,Room',
    'Ana,+351912310001,18 December,1',
    'Bruno,+351912310002,20 December at half past ten,2',
    'Carla,+351912310003,,3',
    'Duarte,+351912310004,22 December,4',
    'Ana,+351912310001,"19  December\n",5',
  ];
  const file = await imported(scenario, lines.join('\n'), keeps(3));
  const other = (await done('POST', 'contacts', { name: 'Eva', phone: '+351912310005' })).id;
  const include = [{ import_id: file.id }, { contact_ids: [other] }];
  const ana = await withPhone('+351912310001');

  // A column that no file has, and one that people lack.
  const wrong = await draft({ from: 'column', value: 'room', fallback: 'soon' }, include);
  const problem = {
    field: 'variants[0].message.variables.visit',
    message: 'No included import keeps a column room. Take one of visit.',
  };
  expect((await done('POST', `campaigns/${wrong.id}/check`)).problems).toEqual([problem]);
  const refused = await scenario.api('POST', `/api/v1/campaigns/${wrong.id}/start`, {});
  expect(refused.body).toMatchObject({ code: 'campaign_not_ready', errors: [problem] });
  const strict = await draft({ from: 'column', value: 'visit' }, include);
  expect(await done('POST', `campaigns/${strict.id}/check`)).toMatchObject({
    people: 3,
    left_out: [{ value: 'value_missing', people: 2 }],
    problems: [],
  });

  const startAt = scenario.clock.now() + 10 * day;
  const { id } = await draft({ from: 'column', value: 'visit', fallback: 'soon' }, include, {
    recipients_at: 'schedule',
    start: { at: new Date(startAt).toISOString() },
  });
  const preview = async (query: string) =>
    visitIn((await done('GET', `campaigns/${id}/preview?${query}`)).content.template);
  expect(await preview('pick=longest')).toBe('20 December at half past ten');
  expect(await preview('pick=emptiest')).toBe('soon');
  expect(await preview(`contact_id=${ana}`)).toBe('19 December');
  const { messages } = await done('POST', `campaigns/${id}/test`, { contact_ids: [other], values_of: ana });
  expect(visitIn((await done('GET', `messages/${messages[0].message_id}`)).template)).toBe('19 December');

  // The list has the values: neither the erasure of one nor the end of the rows changes those of others.
  await done('POST', `campaigns/${id}/start`, {});
  await until(id, 'scheduled');
  expect(await kept(id)).toHaveLength(3);
  expect((await done('GET', `contacts/${ana}/export`)).campaign_values).toEqual([
    { import_id: file.id, row: 2, values: { visit: '18 December' } },
    { import_id: file.id, row: 6, values: { visit: '19  December' } },
    { campaign_id: id, values: { visit: '19  December' } },
  ]);
  await done('POST', `contacts/${await withPhone('+351912310004')}/erase`, {});
  expect(await kept(id)).toHaveLength(2);
  expect((await rowsOf(scenario, file.id)).filter(({ values }) => values.visit === '22 December')).toEqual([]);
  await scenario.advance(7 * day + 60 * minute);
  expect(await rowsOf(scenario, file.id)).toEqual([]);
  const late = await draft({ from: 'column', value: 'visit' }, include);
  expect((await done('POST', `campaigns/${late.id}/check`)).problems).toMatchObject([
    { message: expect.stringMatching(/keeps a column visit\. Import the file again/) },
  ]);
  expect(await preview(`contact_id=${ana}`)).toBe('19 December');
  await scenario.advance(startAt - scenario.clock.now() + minute);
  await until(id, 'done');
  expect(await visitsOf(id)).toEqual({
    Ana: '19 December',
    Bruno: '20 December at half past ten',
    Carla: 'soon',
    Eva: 'soon',
  });
  expect(await kept(id)).toEqual([]);
});

test('of several files the last one that has the column counts, and an undone one has none', async () => {
  const people = ['Fay,+351912310011', 'Gil,+351912310012'];
  const file = (values: string[]) => ['name,phone,Visit', ...people.map((own, n) => `${own},${values[n]}`)].join('\n');
  const first = await imported(scenario, file(['1 May', '2 May']), keeps(3));
  const second = await imported(scenario, file(['3 May', '']), keeps(3));
  const { id } = await draft({ from: 'column', value: 'visit' }, [{ import_id: first.id }, { import_id: second.id }]);
  await done('POST', `campaigns/${id}/start`, {});
  await until(id, 'done');
  expect(await visitsOf(id)).toEqual({ Fay: '3 May', Gil: '2 May' });
  const again = await draft({ from: 'column', value: 'visit' }, [{ import_id: second.id }]);
  expect((await done('POST', `campaigns/${again.id}/check`)).problems).toEqual([]);
  await doneImport(scenario, second.id, 'undo');
  expect((await importOf(scenario, second.id)).state).toBe('undone');
  expect((await done('POST', `campaigns/${again.id}/check`)).problems).toHaveLength(1);
});
