// Every route in the document against every boundary: anonymous callers, callers without permission, and callers of
// the wrong workspace. The probes come from the running program's document, so that new routes are covered at once.
// Each commit sends another twelfth of the requests, some to every route; TEST_ALL=1 sends all of them.
import {
  type IdKind,
  keyScopes,
  type Permission,
  permissions,
  problemSchema,
  type Role,
  rolePermissions,
  roles,
} from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessTokens } from '../../server/features/auth/index.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { realClock } from '../../server/kit/time.ts';
import type { Route } from '../openapi/document.ts';
import { howToRepeat, isWhole, rotatingPart } from '../setup/rotation.ts';
import { type Answer, secretKey } from '../setup/scenario.ts';
import { servedRoutes } from '../setup/served-routes.ts';
import {
  disguised,
  hasIdInPath,
  isForbidden,
  requestFor,
  requestForNothing,
  shapeOf,
  slotsOf,
  validRequests,
} from './probes.ts';
import { buildScene, dump, type House, idsIn, type Probe, type Scene, type TestCaller } from './scene.ts';

// All requests take minutes. A test that is cut off goes on sending, and the next ones fail by its traces.
if (isWhole) vi.setConfig({ testTimeout: 900_000 });

/** Routes without authentication. */
const publicRoutes = [
  'DELETE /api/v1/opt-out-links/{token}',
  'GET /api/v1/opt-out-links/{token}',
  'GET /api/v1/setup',
  'GET /webhooks/whatsapp/{app}',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/logout',
  'POST /api/v1/auth/password/forgot',
  'POST /api/v1/auth/password/reset',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/invitations/accept',
  'POST /api/v1/invitations/preview',
  'POST /api/v1/opt-out-links/{token}',
  'POST /api/v1/setup',
  'POST /api/v1/wall-views/show',
  'POST /hooks/{token}',
  'POST /webhooks/whatsapp/{app}',
];
/** Public too, and not in the document. */
const hiddenRoutes = [
  '/',
  '/api/v1/asyncapi.json',
  '/apple-touch-icon.png',
  '/assets/:file',
  '/docs',
  '/docs/',
  '/icon-192.png',
  '/icon-512.png',
  '/icon-maskable.png',
  '/livez',
  '/manifest.webmanifest',
  '/media/:token',
  '/metrics',
  '/openapi.json',
  '/readyz',
  '/socket.io/',
  '/sw.js',
  '/webhooks/reach',
];
/** Their bodies select or contain several objects: missing ids do not reject the whole request. */
const pickers = [
  'POST /api/v1/me/notifications/read',
  ...['batch', 'cancel', 'retry', 'resolve'].map(action => `POST /api/v1/messages/${action}`),
  'POST /api/v1/labels/{id}/contacts',
  'POST /api/v1/conversation-jobs',
  'POST /api/v1/segments/{id}/members',
];

/** They delete like DELETE: the objects are gone afterwards. */
const destroyers = ['POST /api/v1/contacts/{id}/erase', 'POST /api/v1/contacts/{id}/merge'];

let scene: Scene;
let guarded: (Route & { permission: Permission })[];
let probes = 0;

/** The probes of this run: `tries` returns all probes of one route or slot. */
const tried = <Owner, Try>(owners: readonly Owner[], tries: (owner: Owner) => Try[]): Try[] =>
  rotatingPart(owners.map(tries), 30);

beforeAll(async () => {
  scene = await buildScene();
  guarded = scene.routes.filter((route): route is Route & { permission: Permission } => route.permission !== undefined);
}, 180_000);
afterAll(() => scene?.scenario.close(), 60_000);

async function sendProbe(caller: TestCaller | undefined, probe: Probe): Promise<Answer> {
  // Routes have limits of an hour (50 reset links, 50 invitations), and a round asks for more.
  if (++probes % 20 === 0) await scene.scenario.sql('delete from login_failure');
  return scene.send(caller, probe);
}

/** Runs several at a time, because probes are independent; none is running when one has failed. */
async function each<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const failures: unknown[] = [];
  const walk = async () => {
    for (const item of left) {
      await work(item).catch(error => failures.push(error));
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: 8 }, walk));
  if (failures.length === 0) return;
  console.error(howToRepeat);
  throw failures[0];
}

const bearer = (authorization: string): Record<string, string> => ({ authorization });

/** The marks of a workspace in a response: its names, numbers, texts and ids. */
function marksOf(house: House, only?: 'second' | 'elsewhere'): string[] {
  if (only) {
    const others = house.accounts[only];
    const ids = (['account', 'conversation', 'message'] as const).flatMap(kind => others.get(kind) ?? []);
    return [...house.canaries[only], ...ids, ...ids.map(toUuid)];
  }
  const ids = [...house.ids.values()].flat();
  const numbers = Object.values(house.canaries).flatMap(([, ...more]) => more);
  return [house.canary, house.workspaceId, ...numbers, ...ids, ...ids.map(toUuid)];
}

/** The conversations and messages of a workspace, none of which is of its reader. */
const unread = (house: House) =>
  new Map([...house.ids].filter(([kind]) => kind === 'conversation' || kind === 'message'));

/** Their marks in a response. */
function unreadMarks(house: House): string[] {
  const ids = [...unread(house).values()].flat();
  return [...ids, ...ids.map(toUuid), ...Object.values(house.canaries).map(([text]) => `text ${text}`)];
}

/** Marks of a workspace in a response, except those in the request itself. */
function leaks({ text, headers }: Answer, probe: Probe, marks: readonly string[]): string[] {
  const said = `${text}\n${[...headers].map(pair => pair.join(': ')).join('\n')}`;
  const asked = `${decodeURIComponent(probe.path)} ${JSON.stringify(probe.body ?? '')} ${JSON.stringify(probe.headers ?? {})}`;
  const named = new Set([...idsIn(asked), ...idsIn(asked).map(toUuid)]);
  return marks.filter(mark => said.includes(mark) && !named.has(mark));
}

test('the routes that are public are these, and every other one is in the document', () => {
  expect(
    scene.routes
      .filter(({ permission }) => !permission)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(publicRoutes);
  for (const { name, permission } of guarded) expect([name, permissions.includes(permission)]).toEqual([name, true]);
  const documented = new Set(scene.routes.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')));
  const served = [...new Set(servedRoutes(scene.scenario.recado.server).map(({ path }) => path))];
  expect(served.length).toBeGreaterThan(documented.size);
  expect(served.filter(path => !documented.has(path)).sort()).toEqual(hiddenRoutes);
});

describe('who is nobody', () => {
  const strangers = new Map<string, Record<string, string>>();

  beforeAll(async () => {
    const { scenario, ours } = scene;
    const { owner } = ours.people;
    const subject = { workspaceId: ours.workspaceId, personId: owner.personId };
    const signed = (secret: string, at: number, sessionId: string) =>
      accessTokens(secret, { ...realClock, now: () => at }).sign({ ...subject, sessionId });
    const session = async (change: string) => {
      const id = newUuid();
      await scenario.sql(
        `insert into session (id, workspace_id, person_id, created_at, renewed_at, expires_at)
         values ($1, $2, $3, now(), now(), now() + interval '1 day')`,
        [id, ours.workspaceId, owner.personId],
      );
      await scenario.sql(`update session set ${change} where id = $1`, [id]);
      return `Bearer ${await signed(secretKey, Date.now(), id)}`;
    };
    const key = async (name: string, change: string) => {
      const made = await scene.makeKey(ours, name, {});
      await scenario.sql(`update api_key set ${change} where id = $1`, [toUuid(made.id)]);
      return `Bearer ${made.key}`;
    };
    const revoked = await scene.makeKey(ours, 'revoked', {});
    const answer = await scene.send(owner, { method: 'DELETE', path: `/api/v1/keys/${revoked.id}` });
    expect(answer.status).toBe(204);
    const good = await owner.token();
    const elsewhere = await scene.makeKey(ours, 'elsewhere', { addresses: ['203.0.113.0/24'] });
    for (const [name, authorization] of [
      ['nothing', undefined],
      ['an empty header', ''],
      ['no scheme', good],
      ['another scheme', `Basic ${Buffer.from('owner@example.com:x').toString('base64')}`],
      ['garbage', 'Bearer x'],
      ['two tokens', `Bearer ${good}, Bearer ${good}`],
      ['a token cut short', `Bearer ${good.slice(0, -2)}`],
      ['an expired token', `Bearer ${await signed(secretKey, Date.now() - 3_600_000, owner.sessionId)}`],
      ['a token of another installation', `Bearer ${await signed('another', Date.now(), owner.sessionId)}`],
      ['a session that never was', `Bearer ${await signed(secretKey, Date.now(), newUuid())}`],
      ['a revoked session', await session('revoked_at = now()')],
      ['an expired session', await session(`expires_at = now() - interval '1 second'`)],
      ['a revoked key', `Bearer ${revoked.key}`],
      ['an expired key', await key('expired', `expires_at = now() - interval '1 second'`)],
      ['a key from another address', `Bearer ${elsewhere.key}`],
      ['a key with a letter changed', `Bearer ${revoked.key.slice(0, -1)}${revoked.key.endsWith('a') ? 'b' : 'a'}`],
    ] as const)
      strangers.set(name, authorization === undefined ? {} : bearer(authorization));
  });

  test('is rejected by every route that is not public', async () => {
    const before = await dump(scene.scenario, scene.ours.workspaceId);
    const tries = tried(guarded, route => [...strangers].map(([who, headers]) => ({ route, who, headers })));
    await each(tries, async ({ route, who, headers }) => {
      // With otherwise valid input, so that only the permission check rejects it.
      const probe = requestFor(route, scene.given(scene.ours));
      const answer = await sendProbe(undefined, { ...probe, headers: { ...probe.headers, ...headers } });
      expect([route.name, who, answer.status]).toEqual([route.name, who, 401]);
      expect(problemSchema.parse(answer.body).code).toBe('unauthorized');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect([route.name, leaks(answer, probe, marksOf(scene.ours))]).toEqual([route.name, []]);
    });
    expect(await dump(scene.scenario, scene.ours.workspaceId)).toEqual(before);
  });
});

const wrong = ({ status }: Answer): boolean => status === 401 || status >= 500;

describe('who may not', () => {
  test('is rejected, and who may is let in: each role at every route', async () => {
    const tries = tried(guarded, route => roles.map(role => ({ route, role })));
    await each(tries, async ({ route, role }) => {
      const answer = await sendProbe(scene.ours.people[role], requestForNothing(route, scene.given(scene.ours)));
      const may = rolePermissions[role as Role].has(route.permission);
      expect([route.name, role, isForbidden(answer, route.permission)]).toEqual([route.name, role, !may]);
      if (may && wrong(answer)) expect([route.name, role, answer.text]).toEqual([route.name, role, 'an answer']);
    });
  });

  test('is rejected, and who may is let in: keys of one scope, of all but one, and of all', async () => {
    const make = async (name: string, scopes: readonly Permission[]) => {
      const { key } = await scene.makeKey(scene.ours, name, { scopes });
      return { name, scopes: new Set<Permission>([...scopes, 'me.read']), token: async () => key };
    };
    const keys = [await make('every scope', keyScopes)];
    for (const scope of keyScopes) {
      keys.push(await make(`only ${scope}`, [scope]));
      keys.push(
        await make(
          `all but ${scope}`,
          keyScopes.filter(other => other !== scope),
        ),
      );
    }
    const tries = tried(guarded, route => keys.map(key => ({ route, key })));
    await each(tries, async ({ route, key }) => {
      const answer = await sendProbe(key, requestForNothing(route, scene.given(scene.ours)));
      const may = key.scopes.has(route.permission);
      expect([route.name, key.name, isForbidden(answer, route.permission)]).toEqual([route.name, key.name, !may]);
      if (wrong(answer)) expect([route.name, key.name, answer.text]).toEqual([route.name, key.name, 'an answer']);
    });
  });
});

/** Tables to which every action adds a row. */
const diaries = [
  'audit_entry',
  'idempotency',
  'api_key',
  'message_batch',
  'event',
  'open_delivery',
  'ended_delivery',
  'delivery_attempt',
  'delivery_lane',
  'endpoint_replay',
];
/** Refusals of who asks, before any id of the body is looked at. */
const refusals = ['role_above_yours', 'note_of_another'];
const without = (rows: Map<string, string>, names: string[]) =>
  new Map([...rows].filter(([name]) => !names.includes(name)));

describe('ids of things that are not there for the caller', () => {
  /** Puts each of these ids into each slot; the response must equal that for a missing id. */
  async function tryIds(
    callers: TestCaller[],
    from: ReadonlyMap<IdKind, readonly string[]>,
    marks: string[],
    inPath: number[],
  ) {
    const tries = tried(guarded.flatMap(slotsOf), slot =>
      disguised(from, slot.kind, 6).flatMap(id => callers.map(caller => ({ slot, id, caller }))),
    );
    const expected = new Map<string, Promise<string>>();
    await each(tries, async ({ slot, id, caller }) => {
      const { route } = slot;
      const given = scene.given(scene.ours);
      const place = `${route.name} ${slot.where} ${slot.name} ${caller.name}`;
      const nobodys = () => sendProbe(caller, requestFor(route, given, slot, toId(slot.kind, newUuid()))).then(shapeOf);
      const due = expected.get(place) ?? nobodys();
      expected.set(place, due);
      const probe = requestFor(route, given, slot, id);
      const answer = await sendProbe(caller, probe);
      expect([place, id, shapeOf(answer)]).toEqual([place, id, await due]);
      expect([place, id, leaks(answer, probe, marks)]).toEqual([place, id, []]);
      if (isForbidden(answer, String(route.permission)) || refusals.includes(answer.body?.code)) return;
      const allowed =
        slot.where === 'path' ? inPath : slot.where === 'query' || pickers.includes(route.name) ? [] : [400, ...inPath];
      if (allowed.length > 0)
        expect([place, id, allowed.includes(answer.status), answer.text]).toEqual([place, id, true, answer.text]);
    });
    return tries.length;
  }

  test('every route that takes an id answers its own workspace, so that a refusal means something', async () => {
    const given = scene.given(scene.ours);
    const taking = guarded.filter(route => slotsOf(route).length > 0 || route.body);
    for (const route of rotatingPart([taking], 3)) {
      if (route.method === 'DELETE' || destroyers.includes(route.name)) continue;
      const answers: Answer[] = [];
      for (const probe of validRequests(route, given)) answers.push(await sendProbe(scene.ours.people.owner, probe));
      const told = answers.map(({ status, text }) => `${status} ${text.slice(0, 200)}`);
      const reached = answers.some(
        ({ status, body }) =>
          status < 400 ||
          (![401, 403, 404].includes(status) && body?.code !== 'invalid_request') ||
          // Its account was found; a message on a phone has no id of ours.
          body?.code === 'phone_message_not_found' ||
          // An earlier request has ended the link.
          body?.code === 'no_code',
      );
      expect([route.name, reached, ...(reached ? [] : told)]).toEqual([route.name, true]);
    }
  });

  test('of another workspace: as ids that do not exist, for every role and for a key', async () => {
    const { scenario, ours, theirs } = scene;
    await scenario.settle();
    const [before, beforeOurs] = [await dump(scenario, theirs.workspaceId), await dump(scenario, ours.workspaceId)];
    const callers = [...Object.values(ours.people), ours.key];
    await tryIds(callers, theirs.ids, marksOf(theirs), [404]);
    await scenario.settle();
    expect(await dump(scenario, theirs.workspaceId)).toEqual(before);
    expect(without(await dump(scenario, ours.workspaceId), diaries)).toEqual(without(beforeOurs, diaries));
  }, 240_000);

  test('of an account that the caller may not use: as ids that do not exist', async () => {
    const { scenario, ours } = scene;
    const before = without(await dump(scenario, ours.workspaceId), diaries);
    // Routes about the whole workspace reject them for any id.
    const limits = [403, 404];
    const ofAccount = (which: 'second' | 'elsewhere') =>
      new Map([...ours.accounts[which]].filter(([kind]) => ['account', 'conversation', 'message'].includes(kind)));
    await tryIds([ours.limited.agent, ours.limited.key], ofAccount('second'), marksOf(ours, 'second'), limits);
    await tryIds(
      [ours.limited.agent, ours.limited.key, ours.testKey],
      ofAccount('elsewhere'),
      marksOf(ours, 'elsewhere'),
      limits,
    );
    await scenario.settle();
    expect(without(await dump(scenario, ours.workspaceId), diaries)).toEqual(before);
  }, 180_000);

  test('of conversations that an agent may not read: as ids that do not exist', async () => {
    const { scenario, ours } = scene;
    const before = without(await dump(scenario, ours.workspaceId), diaries);
    await tryIds([ours.reader], unread(ours), unreadMarks(ours), [403, 404]);
    await scenario.settle();
    expect(without(await dump(scenario, ours.workspaceId), diaries)).toEqual(before);
  }, 180_000);
});

describe('answers', () => {
  test('tell nothing of another workspace, nor of an account that the caller may not use', async () => {
    const { ours, theirs } = scene;
    const everybody = [
      ...Object.values(ours.people),
      ours.key,
      ours.limited.agent,
      ours.limited.key,
      ours.testKey,
      ours.reader,
    ];
    const ourOwn = (caller: TestCaller): string[] =>
      caller === ours.limited.agent || caller === ours.limited.key
        ? [...marksOf(ours, 'second'), ...marksOf(ours, 'elsewhere')]
        : caller === ours.testKey
          ? marksOf(ours, 'elsewhere')
          : caller === ours.reader
            ? unreadMarks(ours)
            : [];
    const named = {
      'x-workspace': theirs.workspaceId,
      'x-workspace-id': theirs.workspaceId,
      'x-tenant': theirs.workspaceId,
    };
    const lists = guarded.filter(({ method }) => method === 'GET');
    const tries = tried(lists, route =>
      everybody.flatMap(caller => [{}, named].map(headers => ({ route, caller, headers }))),
    );
    let rows = 0;
    await each(tries, async ({ route, caller, headers }) => {
      const probe = requestFor(route, scene.given(ours));
      const all = route.parameters.some(({ name }) => name === 'limit') ? '?limit=100' : '';
      const asked = { ...probe, path: probe.path + all, headers: { ...probe.headers, ...headers } };
      const answer = await sendProbe(caller, asked);
      rows += answer.body?.data?.length ?? 0;
      // The owner's own view proves that the marks would be found. The audit log and the request log repeat ids that
      // our own callers asked for: the probes above used theirs.
      const repeating = new Set<string>(['audit.read', 'requests.read']);
      const ids = new Set([...theirs.ids.values()].flat().flatMap(id => [id, toUuid(id)]));
      const foreign = marksOf(theirs).filter(mark => !repeating.has(route.permission) || !ids.has(mark));
      const marks = [...foreign, ...ourOwn(caller)];
      expect([route.name, caller.name, leaks(answer, asked, marks)]).toEqual([route.name, caller.name, []]);
    });
    expect(rows).toBeGreaterThan(isWhole ? 100 : 20);
    const list = await scene.send(ours.people.owner, { method: 'GET', path: '/api/v1/messages?limit=100' });
    const path = { method: 'GET', path: '/' };
    for (const which of ['second', 'elsewhere'] as const)
      expect(leaks(list, path, marksOf(ours, which)).length).toBeGreaterThan(1);
    expect(leaks(list, path, marksOf(ours)).length).toBeGreaterThan(5);
  });

  test('to a workspace that the caller makes up are refusals, or as without it', async () => {
    const { scenario, ours, theirs } = scene;
    const before = await dump(scenario, theirs.workspaceId);
    const { owner } = ours.people;
    const [id = ''] = theirs.ids.get('workspace') ?? [];
    const names = ['workspace_id', 'workspace', 'tenant_id', 'person_id', 'created_by', 'role', 'permissions'];
    const tries = tried(guarded, route =>
      names.flatMap(name => [id, theirs.workspaceId].map(value => ({ route, name, value }))),
    );
    await each(tries, async ({ route, name, value }) => {
      const probe = requestForNothing(route, scene.given(ours));
      const known = route.parameters.some(parameter => parameter.name === name);
      const inQuery = { ...probe, path: `${probe.path}${probe.path.includes('?') ? '&' : '?'}${name}=${value}` };
      if (!known && (route.method === 'GET' || hasIdInPath(route)))
        expect([route.name, name, leaks(await sendProbe(owner, inQuery), inQuery, marksOf(theirs))]).toEqual([
          route.name,
          name,
          [],
        ]);
      if (!route.body || route.body.schema.properties?.[name]) return;
      const inBody = { ...requestFor(route, scene.given(ours)), body: { ...(probe.body as object), [name]: value } };
      const answer = await sendProbe(owner, inBody);
      expect([route.name, name, answer.status, answer.body?.code]).toEqual([route.name, name, 400, 'invalid_request']);
    });
    expect(await dump(scenario, theirs.workspaceId)).toEqual(before);
  });
});

test('what deletes reaches what is in its own workspace', async () => {
  // In its own workspace, because nothing is left of it.
  const house = await scene.makeHouse();
  const routes = guarded.filter(({ method, name }) => method === 'DELETE' || destroyers.includes(name));
  // Deleting oneself ends all further probes.
  const own = ({ path }: Route) =>
    Number(path.startsWith('/api/v1/me/')) + Number(path.startsWith('/api/v1/me/sessions'));
  for (const route of routes.sort((left, right) => own(left) - own(right))) {
    const slot = slotsOf(route)[0];
    const ids = slot ? (house.ids.get(slot.kind) ?? []) : [undefined];
    const answers: Answer[] = [];
    for (const id of [...ids].reverse()) {
      answers.push(await sendProbe(house.people.owner, requestFor(route, scene.given(house), slot, id)));
      if ((answers.at(-1)?.status ?? 500) < 300) break;
    }
    const told = answers.map(({ status, text }) => `${status} ${text.slice(0, 100)}`);
    // An invented password fails only after all permission checks.
    const reached = answers.some(
      ({ status, body }) => status < 300 || status === 409 || status === 429 || body?.code === 'current_password_wrong',
    );
    expect([route.name, reached, ...(reached ? [] : told)]).toEqual([route.name, true]);
  }
});

test('the request log of a workspace has requests of its own callers only', async () => {
  const { scenario, ours } = scene;
  // The log is written before it is read.
  await scene.send(ours.people.owner, { method: 'GET', path: '/api/v1/requests' });
  const [row] = await scenario.sql<{ all: number; foreign: number }>(`
    select count(*)::int as all, (count(*) filter (where not exists (select 1 from membership m
      where m.workspace_id = r.workspace_id and m.person_id = r.caller_id) and not exists (select 1 from api_key k
      where k.workspace_id = r.workspace_id and k.id = r.caller_id)))::int as foreign from request r`);
  expect(row?.all).toBeGreaterThan(100);
  expect(row?.foreign).toBe(0);
});

const least = isWhole ? 5_000 : 1_000;
test(`these were at least ${least} tries`, () => {
  console.log(`${probes} probes at ${guarded.length} routes, ${howToRepeat}`);
  expect(probes).toBeGreaterThanOrEqual(least);
});
