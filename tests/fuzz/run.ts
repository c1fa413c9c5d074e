// One run of the fuzzer against the real program in a process of its own.
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { idPrefixes } from '@recado/contract';
import fc from 'fast-check';
import pg from 'pg';
import { Pool } from 'undici';
import { accessTokens } from '../../server/features/auth/index.ts';
import { hashText } from '../../server/kit/secrets.ts';
import { realClock } from '../../server/kit/time.ts';
import { prepareProgram } from '../faults/program.ts';
import { type OpenApi, readRoutes, type Schema } from '../openapi/document.ts';
import { faultsOf } from './judge.ts';
import { type FuzzRequest, requests, withIds } from './requests.ts';

export interface Outcome {
  requests: number;
  byStatus: Record<string, number>;
  /** Routes that no request got a good answer of. */
  neverGood: string[];
  /** Connections that the server closed before it answered. */
  closed: number;
  lag: { samples: number; p99: number; max: number };
  seconds: number;
  failures: string[];
}

const abreast = 4;
const largest = 900_000;

/** Sends so many requests that the seed decides. A failing one is made as small as it can be. */
export async function fuzz(count: number, seed: number): Promise<Outcome> {
  const secretKey = randomBytes(32).toString('base64');
  const program = await prepareProgram({ SECRET_KEY: secretKey });
  try {
    await program.start();
    const db = new pg.Pool({
      host: join(program.dataDir, 'postgres-socket'),
      user: 'recado',
      database: 'recado',
      max: 2,
      options: '-c search_path=recado,public',
    });
    db.on('error', () => {});
    const outcome = await withProgram(program, db, secretKey, count, seed);
    await db.end();
    for (const death of program.deaths()) outcome.failures.push(death);
    const code = await program.stop();
    if (code !== 0)
      outcome.failures.push(`the program ended with ${code} when it was asked to stop: ${program.words()}`);
    return outcome;
  } finally {
    await program.close();
  }
}

type Program = Awaited<ReturnType<typeof prepareProgram>>;

async function withProgram(
  program: Program,
  db: pg.Pool,
  secretKey: string,
  count: number,
  seed: number,
): Promise<Outcome> {
  const { body: document } = await program.call('GET', '/openapi.json');
  const routes = readRoutes(document as OpenApi);
  const problem = (document as OpenApi).components?.schemas?.Problem;
  if (!problem) throw new Error('the document has no Problem');
  const pool = new Pool(program.url, { connections: abreast * 2, bodyTimeout: 60_000, headersTimeout: 60_000 });
  const ids = new Map<string, string[]>();
  const byStatus: Record<string, number> = {};
  const good = new Set<string>();
  const credentials = await openDoors(db, secretKey, program);
  let sent = 0;
  let closed = 0;

  async function send(request: FuzzRequest) {
    const params = (name: string) => encoded(withIds(request.params[name] ?? '', ids));
    const path = request.route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params(name));
    const query = request.query.map(pair => pair.map(each => encoded(withIds(each, ids))).join('=')).join('&');
    const authorization = await credentials[request.caller]();
    const body = request.body === undefined ? undefined : withIds(request.body, ids);
    const answer = await pool.request({
      method: request.method as 'GET',
      path: query === '' ? path : `${path}?${query}`,
      headers: { ...request.headers, ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && !['GET', 'HEAD'].includes(request.method) && { body }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text(), sentBody: body };
  }

  /** @throws with what is wrong with the answer */
  async function judge(request: FuzzRequest): Promise<void> {
    sent++;
    let answer: Awaited<ReturnType<typeof send>>;
    try {
      answer = await send(request);
      if (answer.status === 401 && ['owner', 'key'].includes(request.caller)) {
        await credentials.reopen();
        answer = await send(request);
      }
    } catch (error) {
      if (program.deaths().length > 0) throw new Error(`the program died: ${program.deaths()[0]}`);
      // What is too large is refused while it is still being sent.
      if ((request.body?.length ?? 0) > largest || isClosed(error)) {
        closed++;
        return;
      }
      throw error;
    }
    byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
    const wrong = faultsOf(request, answer, problem as Schema);
    if (wrong.length > 0)
      throw new Error(`${answer.status} ${wrong.slice(0, 5).join('; ')}: ${answer.text.slice(0, 600)}`);
    if (answer.status < 400) good.add(request.route.name);
    for (const id of answer.text.match(idForm) ?? []) remember(ids, id);
  }

  const lag = watchLag(program.url);
  const begun = performance.now();
  const arbitrary = requests(routes);
  const runs = await Promise.all(
    Array.from({ length: abreast }, (_, place) =>
      fc.check(fc.asyncProperty(arbitrary, judge), {
        seed: seed + place,
        numRuns: Math.ceil(count / abreast),
        endOnFailure: false,
      }),
    ),
  );
  const seconds = (performance.now() - begun) / 1000;
  const measured = await lag.stop();
  await pool.close();
  const alive = await program.call('GET', '/livez').catch(error => ({ status: String(error) }));
  const failures = runs.flatMap((run, place) => (run.failed ? [tell(run, seed + place)] : []));
  if (alive.status !== 200) failures.push(`at the end, /livez answered ${alive.status}`);
  const neverGood = routes.map(({ name }) => name).filter(name => !good.has(name));
  return { requests: sent, byStatus, neverGood, closed, lag: measured, seconds, failures };
}

function tell(run: fc.RunDetails<[FuzzRequest]>, seed: number): string {
  const [request] = run.counterexample ?? [];
  const shown = request && { ...request, route: request.route.name, body: request.body?.slice(0, 1_000) };
  const error = run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance);
  return `seed ${seed}, path ${run.counterexamplePath}: ${error.slice(0, 1_500)}\n  ${JSON.stringify(shown)}`;
}

const isClosed = (error: unknown): boolean => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(code);
};

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
const idForm = new RegExp(`\\b(?:${Object.values(idPrefixes).join('|')})_[0-7][0-9a-hjkmnp-tv-z]{25}\\b`, 'g');
const kinds = new Map(Object.entries(idPrefixes).map(([kind, prefix]) => [prefix as string, kind]));

/** The last ids of each kind that an answer has named. */
function remember(ids: Map<string, string[]>, id: string): void {
  const kind = kinds.get(id.slice(0, 3)) ?? '';
  const known = ids.get(kind) ?? [];
  if (known.includes(id)) return;
  ids.set(kind, [...known, id].slice(-200));
}

/** Sessions and keys that are made anew when the requests have ended them. */
async function openDoors(db: pg.Pool, secretKey: string, program: Program) {
  const tokens = accessTokens(secretKey, realClock);
  const { rows } = await db.query<{ person_id: string; workspace_id: string }>(
    'select person_id, workspace_id from membership order by created_at limit 1',
  );
  const { person_id: personId = '', workspace_id: workspaceId = '' } = rows[0] ?? {};
  const sessionId = randomUUID().replace(/^(.{14})./, '$17');
  await db.query(
    `insert into session (id, workspace_id, person_id, created_at, renewed_at, expires_at)
     values ($1, $2, $3, now(), now(), now() + interval '1 day')`,
    [sessionId, workspaceId, personId],
  );
  const made = await program.call('POST', '/api/v1/keys', {
    name: 'fuzz',
    scopes: [
      'messages.create',
      'messages.read',
      'messages.update',
      'accounts.read',
      'contacts.read',
      'contacts.manage',
    ],
  });
  const key: string = made.body.key;
  let token = '';
  let until = 0;
  return {
    /** What the requests have ended is good again, so that most of them come past the first wall. */
    async reopen() {
      await db.query('update session set revoked_at = null where id = $1', [sessionId]);
      await db.query('update api_key set revoked_at = null where hash = $1', [hashText(key)]);
    },
    owner: async () => {
      if (Date.now() > until) {
        token = await tokens.sign({ personId, workspaceId, sessionId });
        until = Date.now() + 600_000;
      }
      return `Bearer ${token}`;
    },
    key: async () => `Bearer ${key}`,
    nobody: async () => undefined,
    garbage: async () => 'Bearer x.y.z',
  };
}

/** Asks the program, each second, how long its event loop stood still. */
function watchLag(url: string) {
  const seen: { p99: number; max: number }[] = [];
  let stopped = false;
  const look = async () => {
    const text = await fetch(`${url}/metrics`).then(answer => answer.text());
    const of = (name: string) =>
      Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)`, 'm').exec(text)?.[1] ?? 0);
    seen.push({ p99: of('p99'), max: of('max') });
  };
  const timer = setInterval(() => {
    if (!stopped) look().catch(() => {});
  }, 1_000);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await look().catch(() => {});
      const p99 = Math.max(0, ...seen.map(each => each.p99));
      return { samples: seen.length, p99, max: Math.max(0, ...seen.map(each => each.max)) };
    },
  };
}

/** The result as lines for people. */
export function summary(outcome: Outcome, seed: number): string {
  const statuses = Object.entries(outcome.byStatus).map(([status, n]) => `${status}: ${n}`);
  const { lag } = outcome;
  return [
    `requests ${outcome.requests} in ${Math.round(outcome.seconds)} s, seed ${seed}, failures ${outcome.failures.length}`,
    `answers ${statuses.join(', ')}; connections closed early ${outcome.closed}`,
    `event loop: 99% of a second's turns within ${Math.round(lag.p99 * 1000)} ms, longest ${Math.round(lag.max * 1000)} ms (${lag.samples} samples)`,
    `routes that gave no good answer: ${outcome.neverGood.join(', ') || 'none'}`,
    ...outcome.failures,
  ].join('\n');
}
