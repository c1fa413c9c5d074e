// The client and the API: its files are made from the document, and every operation has a method that calls it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Document, EventType } from '../../sdk/generator/document.ts';
import { routesOf } from '../../sdk/generator/document.ts';
import { nameOf } from '../../sdk/generator/names.ts';
import { writeRoutes } from '../../sdk/generator/routes.ts';
import { writeTypes } from '../../sdk/generator/types.ts';
import { List, Recado, RecadoError } from '../../sdk/index.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let document: Document;
let events: EventType[];

beforeAll(async () => {
  scenario = await openWorkspace();
  document = (await scenario.as(undefined)('GET', '/openapi.json')).body;
  events = (await scenario.api('GET', '/api/v1/event-types')).body.data;
});

afterAll(() => scenario.close());

// If one of these fails, the API has changed: run "npm run sdk-types".
test('its types are those of the document', () =>
  expect(writeTypes(document, events)).toMatchFileSnapshot('../../sdk/generated/types.ts'));

test('its methods are those of the document', () =>
  expect(writeRoutes(document)).toMatchFileSnapshot('../../sdk/generated/routes.ts'));

type Method = (...values: unknown[]) => unknown;

test('every operation has a method that calls it', async () => {
  const seen: string[] = [];
  const client = new Recado({
    url: 'http://recado.test',
    fetch: async (url, init) => {
      seen.push(`${init?.method} ${new URL(String(url)).pathname}`);
      throw new RecadoError('seen', 'The request was seen.');
    },
  }) as unknown as Record<string, Record<string, Method>>;
  const routes = routesOf(document);
  expect(routes.length).toBeGreaterThan(90);
  const names = routes.map(({ operationId, tags }) => nameOf(operationId, tags[0] ?? ''));
  expect(new Set(names.map(({ group, method }) => `${group}.${method}`)).size).toBe(routes.length);
  for (const [index, { operationId, path, method: verb }] of routes.entries()) {
    const { group, method } = names[index] ?? { group: '', method: '' };
    const ids = [...path.matchAll(/\{\w+\}/g)].map((_, number) => `id-${number}`);
    expect(client[group]?.[method], `${operationId} as recado.${group}.${method}`).toBeTypeOf('function');
    const answer = client[group]?.[method]?.(...ids, {}, {});
    const call = answer instanceof List ? answer.page() : isStream(answer) ? answer.next() : answer;
    await expect(call).rejects.toMatchObject({ code: 'seen' });
    const filled = ids.reduce((text, id) => text.replace(/\{\w+\}/, id), path);
    expect(seen.splice(0), operationId).toEqual([`${verb} ${filled}`]);
  }
});

const isStream = (value: unknown): value is AsyncGenerator =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
