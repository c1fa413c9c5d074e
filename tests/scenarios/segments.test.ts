// Segments and static lists: what they find, who may change them, and what they leave out.
import { contactPage, segmentCountSchema, segmentSchema } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
const counted = async (match: object, more: object = {}) => {
  const { status, body, text } = await api('POST', '/segments/count', { filter: { match, ...more } });
  expect([status, text]).toEqual([200, expect.anything()]);
  return segmentCountSchema.parse(body);
};

describe('a segment', () => {
  test('is counted, saved, listed and found again', async () => {
    const ana = await made('/contacts', { name: 'Ana Souza', phone: '+351910000177', language: 'pt' });
    await made('/contacts', { name: 'Bruno', phone: '+5511987654321' });
    const match = { all: [{ field: 'country', op: 'is', value: 'PT' }] };
    expect(await counted(match)).toMatchObject({
      count: 1,
      more: false,
      countries: [{ country: 'PT', count: 1 }],
      reach: { opted_out: 0, reachable: 1 },
      sample: [{ id: ana.id, because: ['match.all[0]'] }],
    });
    const segment = segmentSchema.parse(await made('/segments', { name: 'Portugal', kind: 'filter', filter: { match } }));
    expect(segment).toMatchObject({ saved_count: 1, revision: 1, members: null });
    const page = contactPage.parse((await api('GET', `/contacts?segment_id=${segment.id}`)).body);
    expect(page).toMatchObject({ data: [{ id: ana.id }], page: { total: 1 } });
  });
});
