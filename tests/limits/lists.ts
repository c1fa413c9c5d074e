// `npm run limits -- lists`: the waits of another workspace while a viewer asks for the slowest lists at once.
import { join } from 'node:path';
import pg from 'pg';
import type { Call } from '../faults/client.ts';
import { type Program, prepareProgram } from '../faults/program.ts';
import { tableOf, type Waits, watchWaits } from './waits.ts';

const messages = 200_000;
const batch = 1_000;
const atOnce = 12;
const seconds = 20;

/** Fills a workspace with scheduled messages, and asks for each of its slow lists. Returns the lines of the table. */
export async function playLists(): Promise<string[]> {
  const program = await prepareProgram({ WORKSPACES: 'owners' });
  const database = new pg.Client({
    host: join(program.dataDir, 'postgres-socket'),
    user: 'recado',
    database: 'recado',
    options: '-c search_path=recado',
  });
  try {
    await program.start();
    await database.connect();
    const { body: account } = await program.call('POST', '/api/v1/accounts', { name: 'Full', channel: 'sandbox' });
    const sendAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
    for (let sent = 0; sent < messages; sent += batch) {
      const texts = Array.from({ length: batch }, (_, n) => ({
        account_id: account.id,
        to: `+3361${String(1_000_000 + ((sent + n) % 20_000))}`,
        type: 'text',
        text: { body: `Message ${sent + n}` },
        send_at: sendAt,
      }));
      const { status } = await program.call('POST', '/api/v1/messages/batch', { messages: texts });
      if (status !== 202) throw new Error(`a batch was answered with ${status}`);
    }
    await database.query('vacuum analyze');
    const other = { call: await callerOfAnother(program) };
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const lists = [
      undefined,
      '/api/v1/messages?waiting_reason=scheduled',
      '/api/v1/messages?waiting_reason=paused',
      `/api/v1/messages?updated_since=${since}`,
      `/api/v1/messages?updated_since=${since}&order=asc`,
      '/api/v1/messages/statistics/series?interval=day&time_zone=Asia/Kathmandu',
      '/api/v1/messages?limit=100',
      '/api/v1/conversations?limit=100',
    ];
    const rows: (string | number)[][] = [];
    for (const list of lists) {
      const alone = list === undefined ? undefined : await timeOf(list);
      const { waits, answers } = await underLoad(list, other);
      const cells = [list?.replace(since, 'an hour ago') ?? 'nothing', alone ?? '', waits.count];
      rows.push([...cells, Math.round(waits.p99), Math.round(waits.longest), waits.failed, answers]);
      console.log(rows.at(-1)?.join(' | '));
    }
    const head = ['the viewer asks', 'alone ms', 'requests of the other', 'p99 ms', 'longest ms', 'failed', 'answers'];
    return tableOf(head, rows);
  } finally {
    await database.end();
    await program.close();
  }

  async function timeOf(path: string): Promise<number> {
    const from = performance.now();
    await program.call('GET', path);
    return Math.round(performance.now() - from);
  }

  /** The viewer's requests by status, while somebody else reads. */
  async function underLoad(list: string | undefined, other: { call: Call }) {
    const statuses = new Map<number, number>();
    const end = performance.now() + seconds * 1_000;
    const asking = Array.from({ length: list === undefined ? 0 : atOnce }, async () => {
      while (performance.now() < end) {
        const { status } = await program.call('GET', list ?? '');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    const watching = watchWaits(other, '/api/v1/messages?limit=20');
    await new Promise(resolve => setTimeout(resolve, seconds * 1_000));
    const waits: Waits = await watching.end();
    await Promise.all(asking);
    const answers = [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ');
    return { waits, answers };
  }
}

/** Calls the API with a key of a workspace of its own. */
async function callerOfAnother(program: Program): Promise<Call> {
  const made = await program.call('POST', '/api/v1/workspaces', { name: 'Other' });
  const session = await program.call('POST', '/api/v1/auth/switch', { workspace_id: made.body?.id, cookies: false });
  const calling =
    (token: string): Call =>
    async (method, path, body) => {
      const answer = await fetch(program.url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    };
  const owner = calling(session.body?.access_token);
  const key = await owner('POST', '/api/v1/keys', { name: 'Reader', scopes: ['messages.read'] });
  if (key.status !== 201) throw new Error(`a key was answered with ${key.status} ${JSON.stringify(key.body)}`);
  return calling(key.body.key);
}
