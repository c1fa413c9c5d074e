// Exports of a workspace run one after another, and end with their readers.
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvFile } from './csv-file.ts';

const app = Fastify();
/** What the exports did, in their order. */
const done: string[] = [];
/** Ends of pages that wait, by export. */
const gates = new Map<string, () => void>();
let url = '';

beforeAll(async () => {
  app.decorateRequest('caller');
  app.get<{ Params: { workspace: string; name: string } }>('/:workspace/:name', (request, reply) => {
    const { workspace: workspaceId, name } = request.params;
    request.caller = { workspaceId } as typeof request.caller;
    return csvFile(reply, 'list.csv', ['n'], async after => {
      done.push(`${name} ${after?.[0] ?? 'begins'}`);
      if (after) return { lines: [[2]], after: undefined };
      await new Promise<void>(resolve => gates.set(name, resolve));
      return { lines: [[1]], after: ['ends'] };
    });
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

const begun = (name: string) => expect.poll(() => gates.has(name)).toBe(true);

test('the second export of a workspace begins after the first, and one of another workspace at once', async () => {
  const first = fetch(`${url}/a/first`).then(answer => answer.text());
  await begun('first');
  const second = fetch(`${url}/a/second`).then(answer => answer.text());
  const other = fetch(`${url}/b/other`).then(answer => answer.text());
  await begun('other');
  gates.get('other')?.();
  expect(await other).toBe('"n"\r\n1\r\n2\r\n');
  gates.get('first')?.();
  expect(await first).toBe('"n"\r\n1\r\n2\r\n');
  await begun('second');
  gates.get('second')?.();
  expect(await second).toBe('"n"\r\n1\r\n2\r\n');
  expect(done.filter(each => !each.startsWith('other'))).toEqual([
    'first begins',
    'first ends',
    'second begins',
    'second ends',
  ]);
});

test('a reader who goes away frees the turn', async () => {
  const leaves = new AbortController();
  const gone = await fetch(`${url}/c/gone`, { signal: leaves.signal });
  await begun('gone');
  const next = fetch(`${url}/c/next`).then(answer => answer.text());
  leaves.abort();
  gates.get('gone')?.();
  await expect(gone.text()).rejects.toThrow();
  await begun('next');
  gates.get('next')?.();
  expect(await next).toContain('2');
});
