// The history of a number's sent messages, as a Graph API client sees it.
import { afterEach, describe, expect, test } from 'vitest';
import { business, call, createCleanup, makeFolder, makeSimulator, sendText, text } from './test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';
const path = `/v25.0/${business}/message_history`;
const idOf = async (sent: ReturnType<typeof sendText>) => (await sent).json.messages[0].id as string;

const startWith = async (count: number, options = {}) => {
  const simulator = await makeSimulator(cleanup, options);
  const ids = [];
  for (let n = 0; n < count; n++) ids.push(await idOf(sendText(simulator, person)));
  return { simulator, newest: ids.reverse() };
};
const idsIn = (json: { data: { message_id: string }[] }) => json.data.map(each => each.message_id);

describe('the history of a number', () => {
  test('lists what it sent and nothing of others, the newest first, with neither recipient nor token', async () => {
    const { simulator, newest } = await startWith(2);
    await call(simulator, 'POST', '/999/messages', text(person));
    const { status, json } = await call(simulator, 'GET', path);
    expect(status).toBe(200);
    expect(json.data).toEqual(newest.map(id => ({ id: expect.stringMatching(/^88\d{14}$/), message_id: id })));
    expect(json.paging.next).toBeUndefined();
    expect((await call(simulator, 'GET', '/888/message_history')).json).toEqual({ data: [] });
  });

  test('goes on page by page, in both directions, while new ones come in front', async () => {
    const { simulator, newest } = await startWith(5);
    const first = (await call(simulator, 'GET', `${path}?limit=2`)).json;
    expect(idsIn(first)).toEqual(newest.slice(0, 2));
    await sendText(simulator, person);
    const next = new URL(first.paging.next);
    expect(next.searchParams.get('access_token')).toBeNull();
    const second = (await call(simulator, 'GET', `${next.pathname}${next.search}`)).json;
    expect(idsIn(second)).toEqual(newest.slice(2, 4));
    const third = (await call(simulator, 'GET', `${path}?limit=2&after=${second.paging.cursors.after}`)).json;
    expect(idsIn(third)).toEqual(newest.slice(4));
    expect(third.paging.next).toBeUndefined();
    const back = (await call(simulator, 'GET', `${path}?limit=2&before=${third.paging.cursors.before}`)).json;
    expect(idsIn(back)).toEqual(newest.slice(2, 4));
  });

  test('tells what became of each, also where no receipt ever comes', async () => {
    const { simulator } = await startWith(0, { clock: { now: () => Date.UTC(2026, 0, 1), after: () => () => {} } });
    await sendText(simulator, '+12025550117').catch(() => {});
    const fields = 'id,message_id,events{delivery_status,timestamp,webhook_update_state}';
    const [entry] = (await call(simulator, 'GET', `${path}?fields=${fields}`)).json.data;
    expect(entry.events.data).toMatchObject([
      { delivery_status: 'SENT', timestamp: Date.UTC(2026, 0, 1) / 1000, webhook_update_state: 'FAILED' },
      { delivery_status: 'DELIVERED' },
    ]);
    // Nothing was accepted, so nothing is listed.
    await sendText(simulator, '+12025550127').catch(() => {});
    expect((await call(simulator, 'GET', path)).json.data).toHaveLength(1);
  });

  test('knows after a restart what it listed before', async () => {
    const dataDir = await makeFolder(cleanup);
    const before = await startWith(2, { dataDir });
    await before.simulator.close();
    const after = await makeSimulator(cleanup, { dataDir });
    expect(idsIn((await call(after, 'GET', path)).json)).toEqual(before.newest);
  });

  test('finds one message, and refuses as Meta does', async () => {
    const { simulator, newest } = await startWith(2);
    const found = await call(simulator, 'GET', `${path}?message_id=${encodeURIComponent(newest[1] ?? '')}`);
    expect(idsIn(found.json)).toEqual([newest[1]]);
    const code = async (query: string, token?: string) => {
      const { status, json } = await call(simulator, 'GET', `${path}?${query}`, undefined, token);
      return [status, json.error.code];
    };
    expect(await code('message_id=wamid.none')).toEqual([422, 100]);
    expect(await code('limit=101')).toEqual([400, 100]);
    expect(await code('after=elsewhere')).toEqual([400, 100]);
    expect(await code('fields=recipient')).toEqual([400, 100]);
    expect(await code('fields=events%7Brecipient%7D')).toEqual([400, 100]);
    expect(await code('', 'wrong')).toEqual([401, 190]);
    const faults = { forbidden: [403, 200], 'rate-limited': [429, 4], 'server-error': [500, 2] } as const;
    for (const [name, answer] of Object.entries(faults)) {
      simulator.setHistoryFault(() => name as keyof typeof faults);
      expect(await code('')).toEqual(answer);
    }
    simulator.setHistoryFault(() => 'empty');
    expect((await call(simulator, 'GET', path)).json).toEqual({ data: [] });
    simulator.setHistoryFault(null);
    expect((await call(simulator, 'GET', path)).status).toBe(200);
  });
});
