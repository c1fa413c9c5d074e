// The documents of the running program pass a linter, and break no client of the last release without a notice.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unannounced } from '../api-documents/announced.ts';
import { readCopy, writeCopy } from '../api-documents/copies.ts';
import { lint } from '../api-documents/lint.ts';
import { type OpenApiDocument, openApiChanges } from '../api-documents/openapi-changes.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

const releaseNotes = readFileSync(new URL('../../RELEASE_NOTES.md', import.meta.url), 'utf8');

let scenario: Scenario;
let openApi: OpenApiDocument;

beforeAll(async () => {
  scenario = await openWorkspace();
  openApi = (await scenario.as(undefined)('GET', '/openapi.json')).body;
  // `npm run api-copies` sets it.
  if (process.env.WRITE_API_COPIES) writeCopy('openapi', openApi);
});
afterAll(() => scenario.close());

describe('the OpenAPI document', () => {
  test('passes the linter', async () => expect(await lint(openApi)).toEqual([]));

  test('breaks no client of the last release, unless the release notes announce it', () => {
    const changes = openApiChanges(readCopy('openapi'), openApi);
    expect(unannounced(changes, releaseNotes)).toEqual([]);
  });

  test('would be reported if it lost a route', () => {
    const [path = ''] = Object.keys(readCopy<OpenApiDocument>('openapi').paths);
    const { [path]: methods = {}, ...paths } = openApi.paths;
    const lost = Object.keys(methods).map(method => ({
      place: `${method.toUpperCase()} ${path}`,
      what: 'was removed',
    }));
    expect(lost.length).toBeGreaterThan(0);
    expect(openApiChanges(readCopy('openapi'), { ...openApi, paths })).toEqual(expect.arrayContaining(lost));
  });
});
