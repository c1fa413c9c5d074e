// The documents of the running program pass a linter, and break no client of the last release without a notice.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isReleased, unannounced } from '../api-documents/announced.ts';
import { type AsyncApiDocument, asyncApiChanges } from '../api-documents/asyncapi-changes.ts';
import { readCopy, writeCopy } from '../api-documents/copies.ts';
import { lint } from '../api-documents/lint.ts';
import { type OpenApiDocument, openApiChanges } from '../api-documents/openapi-changes.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

const releaseNotes = readFileSync(new URL('../../RELEASE_NOTES.md', import.meta.url), 'utf8');

let scenario: Scenario;
let openApi: OpenApiDocument;
let asyncApi: AsyncApiDocument;

beforeAll(async () => {
  scenario = await openWorkspace();
  const get = async (path: string) => (await scenario.as(undefined)('GET', path)).body;
  openApi = await get('/openapi.json');
  asyncApi = await get('/api/v1/asyncapi.json');
  // `npm run api-copies` sets it.
  if (process.env.WRITE_API_COPIES) {
    writeCopy('openapi', openApi);
    writeCopy('asyncapi', asyncApi);
  }
});
afterAll(() => scenario.close());

/** A document without the first of these, which it has in common with the copy. */
function without<Part extends object>(parts: Part, copied: Part): [string, Part] {
  const [name = ''] = Object.keys(copied).filter(each => Object.hasOwn(parts, each));
  const { [name as keyof Part]: _, ...others } = parts;
  return [name, others as Part];
}

describe('the OpenAPI document', () => {
  test('passes the linter', async () => expect(await lint(openApi)).toEqual([]));

  test('breaks no client of the last release, unless the release notes announce it', () => {
    const changes = openApiChanges(readCopy('openapi'), openApi);
    expect(unannounced(changes, releaseNotes)).toEqual([]);
  });

  test('would be reported if it lost a route', () => {
    const copy = readCopy<OpenApiDocument>('openapi');
    const [path, paths] = without(openApi.paths, copy.paths);
    const places = openApiChanges(copy, { ...openApi, paths }).map(({ place }) => place);
    const methods = Object.keys(copy.paths[path] ?? {});
    expect(methods.length).toBeGreaterThan(0);
    expect(places).toEqual(expect.arrayContaining(methods.map(method => `${method.toUpperCase()} ${path}`)));
  });
});

describe('the AsyncAPI document', () => {
  test('passes the linter', async () => expect(await lint(asyncApi)).toEqual([]));

  test('breaks no client of the last release, unless the release notes announce it', () => {
    const changes = asyncApiChanges(readCopy('asyncapi'), asyncApi);
    expect(unannounced(changes, releaseNotes)).toEqual([]);
  });

  test('would be reported if a channel lost a type of event', () => {
    const copy = readCopy<AsyncApiDocument>('asyncapi');
    const { stream } = asyncApi.channels;
    const [type, messages] = without(stream?.messages ?? {}, copy.channels.stream?.messages ?? {});
    const changed = { ...asyncApi, channels: { ...asyncApi.channels, stream: { ...stream, messages } } };
    expect(type).toMatch(/^message\./);
    expect(asyncApiChanges(copy, changed)).toContainEqual({
      place: `channel stream message ${type}`,
      what: 'was removed',
    });
  });
});

test('a released version has copies of its own documents', () => {
  const copies = [readCopy('openapi'), readCopy('asyncapi')];
  expect(isReleased(releaseNotes) ? [openApi, asyncApi] : copies).toEqual(copies);
});
