// Two workspaces with one of every object, and every kind of caller.
import { createECDH, createHmac, randomBytes } from 'node:crypto';
import { type IdKind, idPrefixes, type KeyScope, keyScopes, type Role, roles } from '@recado/contract';
import { vi } from 'vitest';
import { sandboxBusiness } from '../../server/features/accounts/index.ts';
import { accessTokens } from '../../server/features/auth/index.ts';
import { hashPassword } from '../../server/features/auth/password.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { realClock } from '../../server/kit/time.ts';
import { type OpenApi, type Route, readRoutes } from '../openapi/document.ts';
import { exampleOf, type Given } from '../openapi/example.ts';
import { type Answer, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

/** A caller: its credentials and permissions. */
export interface TestCaller {
  name: string;
  token: () => Promise<string>;
}

export interface House {
  /** The UUID of the workspace. */
  workspaceId: string;
  people: Record<Role, TestCaller & { personId: string; sessionId: string }>;
  /** A key with every scope. */
  key: TestCaller;
  /** May use the first account only. */
  limited: { agent: TestCaller; key: TestCaller };
  /** An agent of every account who reads only their own conversations, and has none. */
  reader: TestCaller & { personId: string };
  /** May use Sandbox accounts only. */
  testKey: TestCaller;
  /** The ids of all its objects. */
  ids: Map<IdKind, string[]>;
  /** Of the first account, of the second, and of one outside the Sandbox. */
  accounts: Record<'first' | 'second' | 'elsewhere', Map<IdKind, string[]>>;
  /** Texts that occur nowhere else; for each account in `canaries`. */
  canary: string;
  canaries: Record<'first' | 'second' | 'elsewhere', string[]>;
}

export interface Scene {
  scenario: Scenario;
  routes: Route[];
  ours: House;
  theirs: House;
  given: (house: House) => Given;
  send: (caller: TestCaller | undefined, request: Probe) => Promise<Answer>;
  makeKey: (house: House, name: string, more: object) => Promise<{ id: string; key: string }>;
  makeHouse: () => Promise<House>;
}

export interface Probe {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

const idForm = new RegExp(`\\b(${Object.values(idPrefixes).join('|')})_[0-7][0-9a-hjkmnp-tv-z]{25}\\b`, 'g');
const kindOf = new Map(Object.entries(idPrefixes).map(([kind, prefix]) => [prefix as string, kind as IdKind]));

/** Every id in a text. */
export const idsIn = (text: string): string[] => text.match(idForm) ?? [];

function collect(into: Map<IdKind, string[]>, ids: Iterable<string>): void {
  for (const id of ids) {
    const kind = kindOf.get(id.slice(0, id.indexOf('_')));
    // The catalogue of events has examples, which are nobody's.
    if (!kind || id.includes('_01k9m3q5w8e')) continue;
    const known = into.get(kind) ?? [];
    if (!known.includes(id)) into.set(kind, [...known, id]);
  }
}

export async function buildScene(key = secretKey): Promise<Scene> {
  const scenario = await startScenario({ env: { SECRET_KEY: key } });
  // No review may end while we compare.
  scenario.simulator.templates.approveAfter(null);
  const document = (await scenario.as(undefined)('GET', '/openapi.json')).body as OpenApi;
  const routes = readRoutes(document);
  const passwordHash = await hashPassword('a long enough password');
  const tokens = accessTokens(key, realClock);
  let numbers = 0;
  const next = () => ++numbers;

  const given = (house: House): Given => ({
    next,
    id(kind) {
      const id = house.ids.get(kind)?.[0];
      if (!id) throw new Error(`the scene has no ${kind}: add one to tests/tenancy/scene.ts`);
      return id;
    },
  });

  // The stream of events has no end: a caller that takes only JSON gets a 406.
  async function send(caller: TestCaller | undefined, { method, path, body, headers }: Probe): Promise<Answer> {
    const accepting = { accept: 'application/json, application/problem+json', ...headers };
    return scenario.as(caller && (await caller.token()))(method, path, body, accepting);
  }

  /** As its owner. @throws if it is rejected */
  async function done(house: House, method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await send(house.people.owner, { method, path, body });
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status} ${answer.text}`);
    return answer;
  }

  async function join(
    workspaceId: string,
    canary: string,
    role: Role,
    limits: { accounts?: string[]; conversations?: string } = {},
  ) {
    const { accounts = null, conversations = 'all' } = limits;
    const [personId, sessionId] = [newUuid(), newUuid()];
    await scenario.sql('insert into person (id, email, name, password_hash) values ($1, $2, $3, $4)', [
      personId,
      `${role}-${next()}-${canary}@example.com`,
      `${role} ${canary}`,
      passwordHash,
    ]);
    await scenario.sql(
      'insert into membership (workspace_id, person_id, role, accounts, conversations) values ($1, $2, $3, $4, $5)',
      [workspaceId, personId, role, accounts, conversations],
    );
    await scenario.sql(
      `insert into session (id, workspace_id, person_id, address, user_agent, created_at, renewed_at, expires_at)
       values ($1, $2, $3, '127.0.0.9', $4, now(), now(), now() + interval '1 day')`,
      [sessionId, workspaceId, personId, `browser ${canary}`],
    );
    const token = () => tokens.sign({ personId, workspaceId, sessionId });
    return { name: role as string, token, personId, sessionId };
  }

  async function makeKey(house: House, name: string, more: object): Promise<{ id: string; key: string }> {
    const { body } = await done(house, 'POST', '/api/v1/keys', {
      name: `${name} ${house.canary}`,
      scopes: [...keyScopes] as KeyScope[],
      ...more,
    });
    return body;
  }

  const callerOf = (name: string, { key }: { key: string }): TestCaller => ({ name, token: async () => key });

  /** Objects of one account: messages in several states, with their contacts and conversations. */
  async function fill(house: House, accountId: string, canary: string): Promise<Answer[]> {
    const phone = () => `+33612${String(200_000 + next())}`;
    const post = (to: string, more: object = {}) =>
      done(house, 'POST', '/api/v1/messages', {
        account_id: accountId,
        to,
        type: 'text',
        text: { body: `text ${canary}` },
        ...more,
      });
    const later = { send_at: new Date(Date.now() + 3_600_000).toISOString() };
    const sent = [await post(phone()), await post('+12025550112'), await post('+12025550119')];
    const scheduled = [await post(phone(), later), await post(phone(), later)];
    await done(house, 'POST', `/api/v1/messages/${scheduled[1]?.body.id}/cancel`);
    const batch = await done(house, 'POST', '/api/v1/messages/batch', {
      messages: [{ account_id: accountId, to: phone(), type: 'text', text: { body: `batch ${canary}` } }],
    });
    await scenario.settle();
    await writeTo(house, accountId, canary);
    return [
      ...sent,
      ...scheduled,
      batch,
      await done(house, 'GET', `/api/v1/messages?account_id=${accountId}&limit=100`),
    ];
  }

  /** A person writes to the account; a second message lacks its writer. */
  async function writeTo(house: House, accountId: string, canary: string): Promise<void> {
    const { body: account } = await done(house, 'GET', `/api/v1/accounts/${accountId}`);
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '1', phone_number_id: account.phone_number_id },
      contacts: [{ profile: { name: `writer ${house.canary}` }, wa_id: `33612${300_000 + next()}` }],
      messages: [
        {
          from: `33612${300_000 + numbers}`,
          id: `wamid.${canary}.${next()}`,
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'text',
          text: { body: `inbound ${canary}` },
        },
        {
          from: `33612${300_000 + numbers - 1}`,
          id: `wamid.${canary}.${next()}`,
          timestamp: String(Math.floor(Date.now() / 1000)),
          type: 'text',
          text: { body: `please stop sending me this ${canary}` },
        },
        { id: `wamid.${canary}.${next()}`, timestamp: '1', type: 'text', text: { body: `of nobody ${canary}` } },
      ],
    };
    const raw = JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: sandboxBusiness(house.workspaceId), changes: [{ field: 'messages', value }] }],
    });
    const signature = createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex');
    const headers = { 'x-hub-signature-256': `sha256=${signature}` };
    await scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, headers);
    await scenario.settle();
  }

  /** An account outside the Sandbox. No route creates one yet, so its rows are copies of another's. */
  async function copyElsewhere(accountId: string, canary: string): Promise<string[]> {
    const copy = async (table: string, id: string, more: object) => {
      // Without generated columns.
      const {
        seq: _seq,
        unread: _unread,
        sort_name: _sortName,
        listed_status: _listedStatus,
        received_id: _receivedId,
        open_file: _openFile,
        ...row
      } = { ...(await rowOf(table, id)), ...more } as Record<string, unknown>;
      const names = Object.keys(row).filter(name => row[name] !== null);
      await scenario.sql(
        `insert into ${table} (${names.join(', ')}) select ${names.join(', ')} from json_populate_record(null::${table}, $1)`,
        [JSON.stringify(row)],
      );
    };
    const rowOf = async (table: string, id: string) =>
      (await scenario.sql<{ row: object }>(`select to_json(t) as row from ${table} t where id = $1`, [id]))[0]?.row ??
      {};
    const [account, contact, conversation, message] = [newUuid(), newUuid(), newUuid(), newUuid()];
    const [model] = await scenario.sql<{ id: string; conversation_id: string; contact_id: string }>(
      `select id, conversation_id, contact_id from message where account_id = $1 and status = 'failed' limit 1`,
      [accountId],
    );
    if (!model) throw new Error('no message has failed yet');
    await copy('account', accountId, {
      id: account,
      channel: 'elsewhere',
      simulated: false,
      name: `elsewhere ${canary}`,
      phone_number_id: `n-${canary}`,
    });
    await copy('contact', model.contact_id, { id: contact });
    await copy('conversation', model.conversation_id, { id: conversation, account_id: account, contact_id: contact });
    await copy('message', model.id, {
      id: message,
      account_id: account,
      contact_id: contact,
      conversation_id: conversation,
      content: { body: `text ${canary}` },
    });
    return [toId('account', account), toId('conversation', conversation), toId('message', message)];
  }

  async function makeHouse(): Promise<House> {
    const canary = `canary${randomBytes(6).toString('hex')}`;
    const workspaceId = newUuid();
    await scenario.sql('insert into workspace (id, name) values ($1, $2)', [workspaceId, `Workspace ${canary}`]);
    const people = {} as House['people'];
    for (const role of roles) people[role] = await join(workspaceId, canary, role);
    const canaries = { first: [`${canary}-a`], second: [`${canary}-b`], elsewhere: [`${canary}-c`] };
    const accounts = { first: new Map(), second: new Map(), elsewhere: new Map() };
    const house = { workspaceId, people, canary, canaries, accounts, ids: new Map() } as unknown as House;
    const accountIds: string[] = [];
    for (const which of ['first', 'second'] as const) {
      const [text = ''] = canaries[which];
      const made = await done(house, 'POST', '/api/v1/accounts', { name: `account ${text}`, channel: 'sandbox' });
      accountIds.push(made.body.id);
      canaries[which].push(made.body.phone, made.body.phone_number_id);
      for (const answer of [made, ...(await fill(house, made.body.id, text))])
        collect(accounts[which], idsIn(answer.text));
    }
    const [first = '', second = ''] = accountIds;
    await scenario.sql(
      `insert into web_session (account_id, workspace_id, state, reason, wants, code) values ($1, $2, 'linking', $3, 'off',
        '{"method": "qr", "value": "code", "number": 1, "of": 6, "expires_at": "2100-01-01T00:00:00.000Z"}')`,
      [toUuid(first), workspaceId, `link ${canaries.first[0]}`],
    );
    collect(accounts.elsewhere, await copyElsewhere(toUuid(second), canaries.elsewhere[0] ?? ''));
    house.limited = {
      agent: {
        ...(await join(workspaceId, canary, 'agent', { accounts: [toUuid(first)] })),
        name: 'an agent of one account',
      },
      key: callerOf('a key of one account', await makeKey(house, 'limited', { account_ids: [first] })),
    };
    const own = await join(workspaceId, canary, 'agent', { conversations: 'own' });
    house.reader = { ...own, name: 'an agent of their own conversations' };
    house.key = callerOf('a key', await makeKey(house, 'full', {}));
    house.testKey = callerOf('a test key', await makeKey(house, 'test', { test: true }));
    await makeTheRest(house);
    return house;
  }

  /** A file as a form. */
  async function upload(house: House): Promise<Answer> {
    const form = `--x\r\ncontent-disposition: form-data; name="file"; filename="${house.canary}.txt"\r\ncontent-type: text/plain\r\n\r\nfile ${house.canary}\r\n--x--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await send(house.people.owner, { method: 'POST', path: '/api/v1/media', body: form, headers });
    // Its thumbnail is itself, so that there is one.
    await scenario.sql('update media set thumbnail_sha256 = sha256 where workspace_id = $1', [house.workspaceId]);
    if (answer.status !== 201) throw new Error(`a file was answered with ${answer.status} ${answer.text}`);
    return answer;
  }

  /** An import with a row that is not valid, and whose file waits. */
  async function importFile(house: House): Promise<void> {
    const form = `--x\r\ncontent-disposition: form-data; name="file"; filename="${house.canary}.csv"\r\n\r\nname,phone,visit\r\nimported ${house.canary},1,visit ${house.canary}\r\n--x--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const made = await send(house.people.owner, { method: 'POST', path: '/api/v1/imports', body: form, headers });
    if (made.status !== 201) throw new Error(`a file of contacts was answered with ${made.status} ${made.text}`);
    collect(house.ids, idsIn(made.text));
    await done(house, 'PATCH', `/api/v1/imports/${made.body.id}`, {
      default_country: 'BR',
      columns: [{ column: 3, target: 'value' }],
    });
    await scenario.settle();
  }

  /** A delivery and a replay of the endpoint, which is paused then, so that it changes nothing while we compare. */
  async function useEndpoint(house: House): Promise<void> {
    const at = `/api/v1/endpoints/${given(house).id('endpoint')}`;
    await done(house, 'POST', `${at}/test`);
    await vi.waitFor(
      async () => {
        const { body } = await done(house, 'GET', `${at}/deliveries`);
        if (!body.data[0]?.attempt_count) throw new Error('nothing was delivered yet');
        collect(house.ids, idsIn(JSON.stringify(body)));
      },
      { timeout: 20_000, interval: 50 },
    );
    const replay = await done(house, 'POST', `${at}/recover`, { since: '2026-01-01T00:00:00Z' });
    collect(house.ids, idsIn(replay.text));
    await scenario.sql(
      `update endpoint set status = 'paused', event_types = '{opt_out.created}' where workspace_id = $1`,
      [house.workspaceId],
    );
    await scenario.settle();
  }

  /** Objects without a function above: calls every creating route, and reads every list. */
  async function makeTheRest(house: House): Promise<void> {
    const { ids, workspaceId, people } = house;
    for (const each of Object.values(house.accounts)) for (const list of each.values()) collect(ids, list);
    collect(ids, [toId('workspace', workspaceId)]);
    for (const { personId, sessionId } of Object.values(people))
      collect(ids, [toId('person', personId), toId('session', sessionId)]);
    const invitation = newUuid();
    await scenario.sql(
      `insert into invitation (id, workspace_id, email, role, hash, invited_by, created_at, expires_at)
       values ($1, $2, $3, 'viewer', $4, $5, now(), now() + interval '7 days')`,
      [invitation, workspaceId, `invited-${house.canary}@example.com`, randomBytes(32), people.owner.personId],
    );
    collect(ids, [toId('invitation', invitation)]);
    await scenario.sql(
      `insert into contact_merge (contact_id, other_id, workspace_id, requested_at, due_at)
       select min(id::text)::uuid, max(id::text)::uuid, workspace_id, now(), 'infinity' from contact where workspace_id = $1
       group by workspace_id`,
      [workspaceId],
    );
    const app = newUuid();
    await scenario.sql(
      `insert into meta_app (id, workspace_id, app_id, name, app_secret, verify_token)
       values ($1, $2, $3, $4, 'none', 'none')`,
      [app, workspaceId, `app ${house.canary}`, toId('meta_app', app)],
    );
    collect(ids, [toId('meta_app', app)]);
    collect(ids, idsIn((await upload(house)).text));
    await importFile(house);
    const gone = await done(house, 'POST', '/api/v1/contacts', { name: `gone ${house.canary}` });
    collect(ids, idsIn((await done(house, 'POST', `/api/v1/contacts/${gone.body.id}/erase`)).text));
    const optOut = { contact_id: given(house).id('contact'), category: 'marketing', reason: `reason ${house.canary}` };
    collect(ids, idsIn((await done(house, 'POST', '/api/v1/opt-outs', optOut)).text));
    const [contact, label] = [given(house).id('contact'), { name: `label ${house.canary}`, color: 'teal' }];
    const made = await done(house, 'POST', '/api/v1/labels', { ...label, on: 'contact' });
    collect(ids, idsIn(made.text));
    await done(house, 'PUT', `/api/v1/contacts/${contact}/labels/${made.body.id}`);
    // A list first: a route that changes the people of one takes the first segment.
    const list = await done(house, 'POST', '/api/v1/segments', { name: `list ${house.canary}`, kind: 'list' });
    await done(house, 'POST', `/api/v1/segments/${list.body.id}/members`, { action: 'add', contact_ids: [contact] });
    const view = { name: `view ${house.canary}`, scope: 'workspace', filter: { label_id: made.body.id } };
    collect(ids, idsIn((await done(house, 'POST', '/api/v1/saved-views', view)).text));
    await done(house, 'PUT', '/api/v1/workspace/search', { enabled: true });
    const saved = {
      shortcut: 'canary',
      title: `reply ${house.canary}`,
      body: `text ${house.canary}`,
      scope: 'workspace',
    };
    const reply = await done(house, 'POST', '/api/v1/saved-replies', saved);
    collect(ids, idsIn(reply.text));
    await done(house, 'POST', `/api/v1/saved-replies/${reply.body.id}/use`);
    const match = { all: [{ field: 'label', op: 'is', value: made.body.id }] };
    const ofLabel = { name: `filter ${house.canary}`, kind: 'filter', filter: { match } };
    for (const { text } of [list, await done(house, 'POST', '/api/v1/segments', ofLabel)]) collect(ids, idsIn(text));
    const field = { key: 'canary', name: `field ${house.canary}`, type: 'text' };
    collect(ids, idsIn((await done(house, 'POST', '/api/v1/contact-fields', field)).text));
    await done(house, 'PATCH', `/api/v1/contacts/${contact}`, { fields: { canary: `value ${house.canary}` } });
    await done(house, 'POST', '/api/v1/campaigns', { name: `everybody ${house.canary}` });
    await done(house, 'PATCH', '/api/v1/workspace/campaigns', { approval_above: 1_000 });
    const card = {
      file_name: `card ${house.canary}.csv`,
      valid_from: '2026-10-01',
      text: 'Market,Currency,Utility\nBrazil,USD,0.0068\n',
    };
    collect(ids, idsIn((await done(house, 'POST', '/api/v1/cost/cards', card)).text));
    await scenario.sql(
      `insert into reconciliation (id, workspace_id, account_id, day, counted, amount, told, compared_at)
        select gen_random_uuid(), workspace_id, id, '2026-10-01', 1, 0.01, 1, now() from account where workspace_id = $1`,
      [house.workspaceId],
    );
    for (const [which, each] of Object.entries(house.accounts)) {
      const [text] = house.canaries[which as keyof House['canaries']];
      const ofThread = { ...label, name: `thread ${which} ${house.canary}`, on: 'conversation' };
      const ofAccount = { name: `campaign ${text}`, account_ids: each.get('account') };
      collect(ids, idsIn((await done(house, 'POST', '/api/v1/campaigns', ofAccount)).text));
      const { body } = await done(house, 'POST', '/api/v1/labels', ofThread);
      await done(house, 'PUT', `/api/v1/conversations/${each.get('conversation')?.[0]}/labels/${body.id}`);
      const noted = `/api/v1/conversations/${each.get('conversation')?.[0]}/notes`;
      const { body: file } = await upload(house);
      const note = await done(house, 'POST', noted, {
        body: `note ${text}`,
        media_ids: [file.id],
        mentions: [people.agent.personId].map(person => toId('person', person)),
      });
      for (const map of [ids, each]) collect(map, [note.body.id, file.id]);
      const many = { action: 'snooze', conversation_ids: each.get('conversation')?.slice(0, 1) };
      collect(ids, [(await done(house, 'POST', '/api/v1/conversation-jobs', many)).body.id]);
    }
    // Without data the round neither fires nor clears.
    const rule = await done(house, 'POST', '/api/v1/alert-rules', { signal: 'failed_share' });
    collect(ids, idsIn(rule.text));
    for (const [which, each] of Object.entries(house.accounts)) {
      const [id, account] = [newUuid(), toUuid(each.get('account')?.[0] ?? '')];
      await scenario.sql(
        `with firing as (insert into alert_watch (rule_id, subject_id, workspace_id, state, since)
           values ($2, $3, $4, 'firing', now()))
         insert into alert (id, workspace_id, rule_id, signal, severity, subject_kind, subject_id, subject, account_id, value, began_at, told_at) values ($1, $4, $2, 'failed_share', 'warning', 'account', $3, $5, $3, 6, now(), now())`,
        [id, toUuid(rule.body.id), account, house.workspaceId, house.canaries[which as keyof House['canaries']][0]],
      );
      for (const map of [ids, each]) collect(map, [toId('alert', id)]);
    }
    const team = { name: `team ${house.canary}`, members: [{ person_id: toId('person', people.owner.personId) }] };
    collect(ids, idsIn((await done(house, 'POST', '/api/v1/teams', team)).text));
    await done(house, 'PUT', '/api/v1/me/availability', { status: 'online' });
    await scenario.sql(
      `insert into self_check (workspace_id, run, by_kind, by_id, began_at, ended_at)
       values ($1, $2, 'api_key', $2, now(), now())`,
      [house.workspaceId, newUuid()],
    );
    const channel = { kind: 'webhook', url: 'https://example.com/hook', name: `channel ${house.canary}` };
    collect(ids, idsIn((await done(house, 'POST', '/api/v1/alert-channels', channel)).text));
    const tested = `/api/v1/alert-channels/${given(house).id('alert_channel')}/test`;
    collect(ids, idsIn((await done(house, 'POST', tested)).text));
    await done(house, 'PATCH', '/api/v1/alert-settings', { ping_url: `https://example.com/${house.canary}` });
    const quiet = { from: '22:00', until: '07:00', time_zone: 'UTC' };
    await done(house, 'PUT', '/api/v1/me/alerts', { quiet_hours: quiet });
    // A channel of each account: a caller limited to one sees that of no other.
    for (const each of Object.values(house.accounts))
      await scenario.sql(
        `insert into alert_channel (id, workspace_id, kind, name, tells, account_id, created_by_kind, created_by, created_at)
         values ($1, $2, 'whatsapp', 'channel', '{}', $3, 'system', $2, now())`,
        [newUuid(), house.workspaceId, toUuid(each.get('account')?.[0] ?? '')],
      );
    // A hook of each account, with a call.
    for (const [which, each] of Object.entries(house.accounts)) {
      const [hook, call, account] = [newUuid(), newUuid(), toUuid(each.get('account')?.[0] ?? '')];
      const canary = house.canaries[which as keyof House['canaries']][0];
      await scenario.sql(
        `with made as (insert into hook (id, workspace_id, name, hash, token_end, account_id, contacts, tells_resolved,
             group_s, limit_n, limit_s, created_by_kind, created_by, created_at)
           values ($1, $3, $5, $6, 'abcd', $4, '{}', true, 30, 20, 3600, 'api_key', $1, now()))
         insert into hook_call (id, hook_id, workspace_id, account_id, at, title, outcome)
           values ($2, $1, $3, $4, now(), $5, 'sent')`,
        [hook, call, house.workspaceId, account, `hook ${canary}`, randomBytes(32)],
      );
      for (const map of [ids, each]) collect(map, [toId('hook', hook), toId('hook_call', call)]);
    }
    // What the owner is told of, in each account. The lane tells of more in its own time.
    for (const each of Object.values(house.accounts)) {
      const [id, account, conversation] = [
        newUuid(),
        each.get('account')?.[0] ?? '',
        each.get('conversation')?.[0] ?? '',
      ];
      await scenario.sql(
        `insert into notification (id, workspace_id, person_id, account_id, conversation_id, kind, at)
         values ($1, $2, $3, $4, $5, 'assigned', now())
         on conflict (conversation_id, person_id) where conversation_id is not null do update set id = excluded.id`,
        [id, house.workspaceId, people.owner.personId, toUuid(account), toUuid(conversation)],
      );
      for (const map of [ids, each]) collect(map, [toId('notification', id)]);
    }
    await done(house, 'PATCH', '/api/v1/me/notification-settings', { volume: 50 });
    const keys = {
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
    };
    const push = { endpoint: `https://push.example.com/${house.canary}`, keys, language: 'en' };
    collect(ids, idsIn((await done(house, 'PUT', '/api/v1/me/push-subscription', push)).text));
    for (const route of routes) {
      if (!route.permission || route.path.includes('{')) continue;
      if (route.method === 'GET') collect(ids, idsIn((await send(people.owner, route)).text));
      else if (route.method === 'POST' && route.body && '201' in route.responses) {
        const body = exampleOf(route.body.schema, given(house));
        collect(ids, idsIn((await send(people.owner, { method: 'POST', path: route.path, body })).text));
      }
    }
    await useEndpoint(house);
    // A template of the Sandbox has its id at the channel from its first sync on, which a probe would begin.
    await done(house, 'POST', '/api/v1/templates/sync', {});
    for (const kind of Object.keys(idPrefixes)) given(house).id(kind as IdKind);
  }

  try {
    // No background task may change rows while we compare.
    await scenario.sql(`alter table push_subscription alter column due_at set default 'infinity'`);
    const [ours, theirs] = [await makeHouse(), await makeHouse()];
    await scenario.recado.sweeper?.stop();
    await scenario.sql(`insert into campaign_approval (campaign_id, kind, by, at, revision, note)
      select id, 'refused', created_by, now(), 1, name from campaign`);
    await scenario.sql(`insert into campaign_recipient (campaign_id, contact_id, number, account_id, due_at, state, kept)
      select k.id, (select c.id from contact c where c.workspace_id = k.workspace_id and c.deleted_at is null limit 1), 1,
        k.account_ids[1], now(), 'pending', jsonb_build_object('visit', k.name) from campaign k where cardinality(k.account_ids) = 1`);
    await scenario.sql(`insert into campaign_count (campaign_id, of, value, code, n)
      select id, 'recipient', 'pending', '', 0 from campaign on conflict do nothing`);
    return { scenario, routes, ours, theirs, given, send, makeKey, makeHouse };
  } catch (error) {
    await scenario.close();
    throw error;
  }
}

/** The rows of a workspace by table, which a probe must not change. Fails for an unknown table. */
export async function dump(scenario: Scenario, workspaceId: string): Promise<Map<string, string>> {
  const tables = await scenario.sql<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text) as columns from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'recado'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped group by 1 order by 1`,
  );
  const found = new Map<string, string>();
  for (const { name, columns } of tables) {
    const rule = rowsOf(name, columns);
    // The request log is written up to a second after its requests: a test of its own looks at it. The lane of news notes
    // what others did in its own time, too.
    if (rule === undefined || name === 'request' || name === 'notification') continue;
    // The sweeper indexes texts in its own time.
    if (/^(message_text|note_text|search_.*)$/.test(name)) continue;
    // The lane of a hook tries a call again in its own time.
    const shown = name === 'hook_call' ? 't.id::text' : 't::text';
    const [row] = await scenario.sql<{ text: string }>(
      `select coalesce(string_agg(${shown}, E'\\n' order by ${shown}), '') as text from ${name} t where ${rule}`,
      [workspaceId],
    );
    found.set(name, row?.text ?? '');
  }
  return found;
}

/** Tables that belong to no workspace. */
const nobodys = new Set([
  'schema_migration',
  'function_set',
  'installation_setting',
  'setup_token',
  'login_failure',
  'worker',
  'event_listener',
  'alert_round',
  'backup_run',
  'calling_code',
  'push_key',
]);

/** The condition for rows of workspace $1; undefined for tables of no workspace. */
export function rowsOf(table: string, columns: readonly string[]): string | undefined {
  if (nobodys.has(table)) return undefined;
  if (table === 'workspace') return 'id = $1';
  if (table === 'person') return 'id in (select person_id from membership where workspace_id = $1)';
  if (table === 'message_text' || table === 'search_stale' || table === 'message_secret')
    return 'message_id in (select id from message where workspace_id = $1)';
  if (table === 'note_text') return 'note_id in (select id from note where workspace_id = $1)';
  if (columns.includes('workspace_id')) return 'workspace_id = $1';
  if (columns.includes('campaign_id')) return 'campaign_id in (select id from campaign where workspace_id = $1)';
  if (columns.includes('account_id')) return 'account_id in (select id from account where workspace_id = $1)';
  if (columns.includes('person_id')) return 'person_id in (select person_id from membership where workspace_id = $1)';
  if (columns.includes('session_id')) return 'session_id in (select id from session where workspace_id = $1)';
  throw new Error(`whose rows are those of the table ${table}? Tell it in tests/tenancy/scene.ts`);
}
