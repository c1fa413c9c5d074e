// One fuzzer run against the real program in its own process.
import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { idPrefixes } from '@recado/contract';
import fc from 'fast-check';
import pg from 'pg';
import sharp from 'sharp';
import { Pool } from 'undici';
import { accessTokens } from '../../server/features/auth/index.ts';
import { hashText } from '../../server/kit/crypto/secrets.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toId, toUuid } from '../../server/kit/ids.ts';
import { realClock } from '../../server/kit/time.ts';
import { owner } from '../faults/client.ts';
import { until } from '../faults/processes.ts';
import { prepareProgram } from '../faults/program.ts';
import { closedAnswers, type OpenApi, type Route, readRoutes, type Schema } from '../openapi/document.ts';
import { faultsOf, faultsOfRun, mayBeAnother, unreachable } from './judge.ts';
import { inOrder, lessonsOf } from './lessons.ts';
import { asLearned, type FuzzRequest, requests, withIds, withSecrets } from './requests.ts';
import { knownSecrets } from './secrets.ts';

export interface Outcome {
  requests: number;
  byStatus: Record<string, number>;
  /** By route: how many requests, and how many of them got a good answer. */
  byRoute: Map<string, { sent: number; good: number }>;
  /** Connections that the server closed before its response. */
  closed: number;
  lag: { samples: number; p99: number; max: number };
  seconds: number;
  failures: string[];
}

const abreast = 4;
const largest = 900_000;
/** Of each route so many good requests are kept, to be mutated. */
const mostLearned = 20;
/** A deep body, which a route without a body ignores, cannot be taken apart and changed. */
const longestLearned = 10_000;

/** Sends this many seeded requests. Shrinks a failing one as far as possible. */
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
      options: `-c search_path=${searchPath}`,
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
  const problem = closedAnswers((document as OpenApi).components?.schemas?.Problem);
  if (!problem) throw new Error('the document has no Problem');
  const pool = new Pool(program.url, { connections: abreast * 2, bodyTimeout: 60_000, headersTimeout: 60_000 });
  const byStatus: Record<string, number> = {};
  const statuses = new Map<string, Set<number>>();
  const byRoute = new Map(routes.map(({ name }) => [name, { sent: 0, good: 0 }]));
  const learned = new Map<string, FuzzRequest[]>();
  const secrets = await knownSecrets(program, secretKey);
  const ids = await createObjects(db, program, secrets.sign);
  const credentials = await openDoors(db, secretKey, program);
  let sent = 0;
  let closed = 0;
  const refused: string[] = [];

  async function send(request: FuzzRequest) {
    // The first object of each kind stays as it is, so that others find it. Only its removal needs an opt-out.
    const changes = ['DELETE', 'PATCH'].includes(request.method) && request.route.path.endsWith('}');
    const known = changes
      ? new Map([...ids].map(([kind, all]) => [kind, kind === 'opt_out' ? all : all.slice(1)]))
      : ids;
    const filled = (text: string) => withSecrets(withIds(text, known), secrets.of);
    const params = (name: string) => encoded(filled(request.params[name] ?? ''));
    const path = request.route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params(name));
    const query = request.query.map(pair => pair.map(each => encoded(filled(each))).join('=')).join('&');
    const authorization = await credentials[request.caller]();
    const body = request.body === undefined ? undefined : filled(request.body);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, text]) => [name, text === '@signature@' ? secrets.sign(body) : text]),
    );
    const answer = await pool.request({
      method: request.method as 'GET',
      path: query === '' ? path : `${path}?${query}`,
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && !['GET', 'HEAD'].includes(request.method) && { body }),
    });
    const { statusCode: status, headers: answered } = answer;
    const isStream = String(answered['content-type']).startsWith('text/event-stream');
    // A stream never ends by itself.
    if (isStream) answer.body.on('error', () => {}).destroy();
    return { status, headers: answered, text: isStream ? '' : await answer.body.text(), sentBody: body };
  }

  /** Sends a random request. @throws with what is wrong with the response */
  async function judge(random: FuzzRequest): Promise<void> {
    const known = learned.get(random.route.name) ?? [];
    const request = random.learned ? asLearned(random, random.learned, known) : random;
    await judgeAs(request).catch(error => {
      const shown = { ...request, route: request.route.name, body: request.body?.slice(0, 1_000) };
      throw new Error(`${error.message}\n  sent: ${JSON.stringify(shown)}`, { cause: error });
    });
  }

  /** Gives whether the answer is a good one. @throws with what is wrong with it */
  async function judgeAs(request: FuzzRequest): Promise<boolean> {
    sent++;
    let answer: Awaited<ReturnType<typeof send>>;
    try {
      answer = await send(request);
      // Another request may end it again in between.
      const { caller, route } = request;
      const isKnown = ['owner', 'key'].includes(caller) && route.permission !== undefined && !mayBeAnother(request);
      for (let tries = 0; tries < 3 && answer.status === 401 && isKnown; tries++) {
        await credentials.reopen();
        answer = await send(request);
      }
      if (answer.status === 401 && isKnown) refused.push(`${route.name} as ${caller}`);
    } catch (error) {
      if (program.deaths().length > 0) throw new Error(`the program died: ${program.deaths()[0]}`);
      // An oversized body is rejected while it is still being sent.
      if ((request.body?.length ?? 0) > largest || isClosed(error)) {
        closed++;
        return false;
      }
      throw error;
    }
    byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
    const wrong = faultsOf(request, answer, problem as Schema);
    if (wrong.length > 0)
      throw new Error(`${answer.status} ${wrong.slice(0, 5).join('; ')}: ${answer.text.slice(0, 600)}`);
    const { name } = request.route;
    for (const id of answer.text.match(idForm) ?? []) remember(ids, id);
    if (mayBeAnother(request)) return false;
    statuses.set(name, (statuses.get(name) ?? new Set()).add(answer.status));
    const isGood = answer.status < 300;
    const seen = byRoute.get(name);
    if (seen) seen.sent++;
    if (!isGood) return false;
    if (seen) seen.good++;
    secrets.learn(name, answer.text);
    const known = learned.get(name) ?? [];
    if (known.length < mostLearned && (request.body?.length ?? 0) < longestLearned)
      learned.set(name, [...known, { ...request, caller: 'owner' }]);
    return true;
  }

  /** Finds a good request to each route. A later round finds what an earlier route was missing. */
  async function learnAll(): Promise<string[]> {
    const failures: string[] = [];
    for (let round = 0; round < 3; round++)
      for (const route of inOrder(routes).filter(({ name }) => !(name in unreachable) && !learned.has(name)))
        for (const lesson of lessonsOf(route, kind => ids.get(kind)?.length ?? 0)) {
          const isGood = await judgeAs(lesson).catch((error: Error) => {
            failures.push(`${route.name}: ${error.message} ${lesson.body ?? ''}`);
            return false;
          });
          if (isGood) break;
        }
    return failures;
  }

  const lessons = await learnAll();
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
  const failures = [...lessons, ...runs.flatMap((run, place) => (run.failed ? [tell(run, seed + place)] : []))];
  if (alive.status !== 200) failures.push(`at the end, /livez answered ${alive.status}`);
  const seen = ({ name }: Route) => [...(statuses.get(name) ?? [])].sort();
  const neverGood = routes.filter(({ name }) => byRoute.get(name)?.good === 0);
  failures.push(
    ...faultsOfRun({
      requests: sent,
      closed,
      refused,
      neverGood: new Map(neverGood.map(route => [route.name, seen(route)])),
    }),
  );
  return {
    requests: sent,
    byStatus,
    byRoute,
    closed,
    lag: measured,
    seconds,
    failures,
  };
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

/** The first and last ids of each kind in a response. */
function remember(ids: Map<string, string[]>, id: string): void {
  const kind = kinds.get(id.slice(0, id.indexOf('_'))) ?? '';
  const known = ids.get(kind) ?? [];
  if (known.includes(id)) return;
  const later = [...known.slice(seeds), id].slice(-seeds);
  ids.set(kind, known.length < seeds ? [...known, id] : [...known.slice(0, seeds), ...later]);
}

const seeds = 100;

/** Campaigns in the states that their routes ask for; the lessons name them by place. */
async function createCampaigns(db: pg.Pool, program: Program, accountId: string): Promise<string[]> {
  const { body: contact } = await program.call('POST', '/api/v1/contacts', { name: 'Reader', phone: '+351910000777' });
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const later = new Date(Date.now() + 86_400_000).toISOString();
  // A day ahead where the person lives: it runs, and nobody has a turn.
  const local = { local: later.slice(0, 16) };
  const wanted: { start?: object; acts: [verb: string, body: object][]; state: string }[] = [
    { acts: [], state: 'draft' },
    { start: { at: later }, acts: [['start', {}]], state: 'scheduled' },
    { acts: [], state: 'draft' },
    { acts: [], state: 'draft' },
    { start: local, acts: [['start', { now: true }]], state: 'running' },
    {
      start: local,
      acts: [
        ['start', { now: true }],
        ['pause', {}],
      ],
      state: 'paused',
    },
    { start: local, acts: [['start', { now: true }]], state: 'running' },
  ];
  const ids: string[] = [];
  for (const { start, acts, state } of wanted) {
    const { body } = await program.call('POST', '/api/v1/campaigns', {
      name: `Seed ${ids.length}`,
      account_ids: [accountId],
      variants: [{ share: 100, message: { type: 'template', template } }],
      include: [{ contact_ids: [contact.id] }],
      ...(start && { start }),
    });
    for (const [verb, more] of acts) await program.call('POST', `/api/v1/campaigns/${body.id}/${verb}`, more);
    await until(`a campaign is ${state}`, 60, async () => {
      const { body: now } = await program.call('GET', `/api/v1/campaigns/${body.id}`);
      return now.state === state;
    });
    ids.push(body.id);
  }
  // Made and asked for by a person other than the one who approves or refuses them.
  await db.query(
    `update campaign set created_by = other, asked_by = other, asked_at = now()
      from (select jsonb_build_object('kind', 'person', 'id', gen_random_uuid(), 'name', 'Asks') as other) x
      where id = any ($1::uuid[])`,
    [ids.slice(2, 4).map(id => toUuid(id))],
  );
  return ids;
}

/** Alerts that no round clears, because there is no data, and the newest rules. */
async function createAlerts(db: pg.Pool, program: Program): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 3; n++)
    ids.push(
      (await program.call('POST', '/api/v1/alert-rules', { signal: 'failed_share', note: `Seed ${n}.` })).body.id,
    );
  for (let n = 0; n < 3; n++) {
    const channel = { kind: 'webhook', url: 'https://127.0.0.1.nip.io/seed' };
    const { body } = await program.call('POST', '/api/v1/alert-channels', channel);
    const { body: delivery } = await program.call('POST', `/api/v1/alert-channels/${body.id}/test`);
    ids.push(body.id, delivery.id);
  }
  const { rows } = await db.query<{ id: string }>(
    `with subject as (select r.id as rule_id, r.workspace_id, gen_random_uuid() as id from alert_rule r, generate_series(1, 10)
        where r.note like 'Seed%'),
       watched as (insert into alert_watch (rule_id, subject_id, workspace_id, state, since)
         select rule_id, id, workspace_id, 'firing', now() from subject)
     insert into alert (id, workspace_id, rule_id, signal, severity, subject_kind, subject_id, subject, value, began_at, told_at)
       select gen_random_uuid(), workspace_id, rule_id, 'failed_share', 'warning', 'account', id, 'Seed', 6, now(), now()
       from subject returning id`,
  );
  return [...ids, ...rows.map(({ id }) => toId('alert', id))];
}

/** Creates objects that random requests do not reach: people, files, and inbound, waiting and failed messages. */
async function createObjects(
  db: pg.Pool,
  program: Program,
  sign: (body: string) => string,
): Promise<Map<string, string[]>> {
  const ids = new Map<string, string[]>();
  const { rows } = await db.query<{ id: string }>(
    `with one as (insert into person (id, email, name, password_hash)
       select gen_random_uuid(), 'seed' || n || '@example.com', 'Seed ' || n, 'none' from generate_series(1, $1) n returning id)
     insert into membership (workspace_id, person_id, role)
       select w.id, one.id, 'agent' from one, workspace w returning person_id as id`,
    [seeds],
  );
  for (const { id } of rows) remember(ids, toId('person', id));
  for (let n = 0; n < 3; n++)
    for (const [path, body] of [
      ['contacts', { name: `Seed ${n}` }],
      ['contact-fields', { key: `seed_${n}`, name: `Seed ${n}`, type: 'text' }],
      ['labels', { name: `seed ${n}`, color: 'teal', on: 'contact' }],
      ['labels', { name: `seed ${n}`, color: 'teal', on: 'conversation' }],
      ['segments', { name: `seed list ${n}`, kind: 'list' }],
      ['wall-views', { name: `seed ${n}` }],
      ['teams', { name: `seed ${n}` }],
      [
        'saved-replies',
        { shortcut: `seed-${n}`, title: `seed ${n}`, body: 'Hi {{contact.name|you}}', scope: 'workspace' },
      ],
      ['saved-views', { name: `seed ${n}`, scope: n > 0 ? 'workspace' : 'personal', filter: { state: 'open' } }],
      [
        'segments',
        { name: `seed ${n}`, kind: 'filter', filter: { match: { any: [{ field: 'name', op: 'is_set' }] } } },
      ],
    ] as const)
      remember(ids, (await program.call('POST', `/api/v1/${path}`, body)).body.id);
  const { data: senders } = (await program.call('GET', '/api/v1/accounts')).body;
  const { body: reader } = await program.call('POST', '/api/v1/contacts', { name: 'Seed', phone: '+351919000001' });
  remember(ids, reader.id);
  for (let n = 0; n < 9; n++) {
    const hook = { name: `seed ${n}`, account_id: senders[0].id, contact_ids: [reader.id] };
    remember(ids, (await program.call('POST', '/api/v1/hooks', hook)).body.id);
  }
  for (let n = 1; n <= 9; n++) {
    const text = `Market,Currency,Marketing,Utility,Authentication,Service\nBrazil,USD,0.0${n},0.01,0.01,0.01\n`;
    const card = { file_name: `seed-${n}.csv`, text, valid_from: `2031-0${n}-01` };
    remember(ids, (await program.call('POST', '/api/v1/cost/cards', card)).body.id);
  }
  for (let n = 0; n < 9; n++) {
    const content = `name,phone,visit\nSeed ${n},+35191000000${n},${n} May\nNobody,1,`;
    const { body } = await program.call('POST', '/api/v1/imports', { content });
    remember(ids, body.id);
    // One of them is not checked, and one runs.
    if (n > 0)
      await program.call('PATCH', `/api/v1/imports/${body.id}`, {
        default_country: 'PT',
        columns: [{ column: 3, target: 'value' }],
      });
    if (n > 0)
      await until('an import is ready', 60, async () => {
        const { body: now } = await program.call('GET', `/api/v1/imports/${body.id}`);
        return now.state === 'ready';
      });
    if (n === 3) await program.call('POST', `/api/v1/imports/${body.id}/run`);
  }
  const login = await program.call('POST', '/api/v1/auth/login', owner);
  const authorization = `Bearer ${login.body.access_token}`;
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#7f3f1f' } })
    .png()
    .toBuffer();
  for (let n = 0; n < seeds; n++) {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), `${n}.png`);
    const answer = await fetch(`${program.url}/api/v1/media`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    });
    if (answer.status !== 201) throw new Error(`a file was answered with ${answer.status} ${await answer.text()}`);
    remember(ids, ((await answer.json()) as { id: string }).id);
  }
  for (let n = 0; n < 3; n++) {
    const { body } = await program.call('POST', '/api/v1/endpoints', { url: 'https://127.0.0.1.nip.io/seed' });
    remember(ids, body.id);
    await program.call('POST', `/api/v1/endpoints/${body.id}/test`);
    await until('an endpoint has a delivery', 60, async () => {
      const { body: page } = await program.call('GET', `/api/v1/endpoints/${body.id}/deliveries`);
      if (page.data[0]) remember(ids, page.data[0].id);
      return page.data.length > 0;
    });
  }
  const { body: accounts } = await program.call('GET', '/api/v1/accounts');
  const [account] = accounts.data;
  remember(ids, account.id);
  for (const id of await createCampaigns(db, program, account.id)) remember(ids, id);
  for (const id of await createAlerts(db, program)) remember(ids, id);
  const { body: linked } = await program.call('POST', '/api/v1/accounts', { name: 'Linked', channel: 'web' });
  remember(ids, linked.id);
  const keys = {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
  const browser = { endpoint: 'https://push.example.com/seed', keys, language: 'en' };
  remember(ids, (await program.call('PUT', '/api/v1/me/push-subscription', browser)).body.id);
  // The first number is always rejected, the second never answered.
  for (const [digits, status] of [
    ['13', 'failed'],
    ['27', 'unknown'],
  ] as const)
    for (let n = 0; n < 10; n++) {
      const to = `+1${201 + n}55501${digits}`;
      const sending = { account_id: account.id, to, type: 'text', text: { body: 'seed' } };
      const { body } = await program.call('POST', '/api/v1/messages', sending);
      await until(`a message is ${status}`, 60, async () => {
        const { body: message } = await program.call('GET', `/api/v1/messages/${body.id}`);
        return message.status === status;
      });
      remember(ids, body.id);
    }
  const sendAt = new Date(Date.now() + 86_400_000).toISOString();
  for (let n = 0; n < 30; n++) {
    const waiting = { account_id: account.id, to: `+3361600${1_000 + n}`, send_at: sendAt };
    const { body } = await program.call('POST', '/api/v1/messages', {
      ...waiting,
      type: 'text',
      text: { body: 'seed' },
    });
    remember(ids, body.id);
    const note = await program.call('POST', `/api/v1/conversations/${body.conversation_id}/notes`, { body: 'seed' });
    remember(ids, note.body.id);
    const many = { action: 'close', conversation_ids: [body.conversation_id] };
    remember(ids, (await program.call('POST', '/api/v1/conversation-jobs', many)).body.id);
  }
  for (let n = 0; n < 20; n++)
    await fetch(`${program.simulatorUrl()}/phones/+3361500${String(n).padStart(4, '0')}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ to: account.phone_number_id, type: 'text' },
        text: { body: n < 5 ? 'Please stop sending me messages' : 'seed' },
      }),
    });
  await createInbound(db, program, account, sign, ids);
  await until('what people wrote is there', 60, async () => {
    const { body } = await program.call('GET', '/api/v1/messages?direction=inbound&limit=20');
    for (const { id } of body.data) remember(ids, id);
    return body.data.length === 20;
  });
  const { body: suggested } = await program.call('GET', '/api/v1/opt-outs/suggestions');
  for (const { id } of suggested.data) remember(ids, id);
  return ids;
}

/** Dead letters, and files of inbound messages that could not be fetched; invitations, of which one is accepted. */
async function createInbound(
  db: pg.Pool,
  program: Program,
  account: { id: string; phone_number_id: string },
  sign: (body: string) => string,
  ids: Map<string, string[]>,
): Promise<void> {
  const bad = Array.from({ length: 30 }, (_, n) => ({ id: `wamid.bad-${n}`, type: 'text', timestamp: 'never' }));
  const value = { metadata: { phone_number_id: account.phone_number_id }, messages: bad };
  const body = JSON.stringify({ entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(body) };
  const answer = await fetch(`${program.url}/webhooks/whatsapp/sandbox`, { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`a webhook was answered with ${answer.status}`);
  await until('the dead letters are there', 60, async () => {
    const { body } = await program.call('GET', '/api/v1/dead-letters?limit=100');
    for (const { id } of body.data) remember(ids, id);
    return body.data.length === bad.length;
  });
  const { rows } = await db.query<{ id: string }>(
    `insert into media (id, workspace_id, account_id, direction, status, kind, channel_media_id, created_at)
     select gen_random_uuid(), workspace_id, id, 'received', 'failed', 'image', 'nowhere-' || n, now()
     from account, generate_series(1, 30) n where id = $1 returning id`,
    [toUuid(account.id)],
  );
  for (const { id } of rows) remember(ids, toId('media', id));
  for (let n = 0; n < 10; n++) {
    const invitation = { email: `invited${n}@example.com`, role: 'viewer' };
    const { body: made } = await program.call('POST', '/api/v1/invitations', invitation);
    remember(ids, made.id);
  }
}

/** Sessions and keys that are recreated when requests have ended them. */
async function openDoors(db: pg.Pool, secretKey: string, program: Program) {
  const tokens = accessTokens(secretKey, realClock);
  const { rows } = await db.query<{ person_id: string; workspace_id: string }>(
    'select person_id, workspace_id from membership order by created_at limit 1',
  );
  if (!rows[0]) throw new Error('the program has no owner');
  const { person_id: personId, workspace_id: workspaceId } = rows[0];
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
  if (made.status !== 201) throw new Error(`the key was answered with ${made.status} ${made.body?.code}`);
  const key: string = made.body.key;
  let token = '';
  let until = 0;
  return {
    /** Restores what requests ended, so that most of them pass authentication. */
    async reopen() {
      await db.query(
        `update membership set role = 'owner', accounts = null, disabled_at = null, removed_at = null where person_id = $1`,
        [personId],
      );
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

/** Asks the program every second how long its event loop was blocked. */
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

/** The result as readable lines. */
export function summary(outcome: Outcome, seed: number): string {
  const statuses = Object.entries(outcome.byStatus).map(([status, n]) => `${status}: ${n}`);
  const { lag } = outcome;
  return [
    `requests ${outcome.requests} in ${Math.round(outcome.seconds)} s, seed ${seed}, failures ${outcome.failures.length}`,
    `answers ${statuses.join(', ')}; connections closed early ${outcome.closed}`,
    `event loop: 99% of a second's turns within ${Math.round(lag.p99 * 1000)} ms, longest ${Math.round(lag.max * 1000)} ms (${lag.samples} samples)`,
    'good answers of all, by route:',
    ...[...outcome.byRoute].map(
      ([name, { sent, good }]) => `${String(good).padStart(7)} of ${String(sent).padEnd(6)} ${name}`,
    ),
    ...outcome.failures,
  ].join('\n');
}
