// Requests that should get a good answer, one route after the other: from these the fuzzer learns what to mutate.
import { type IdKind, idExamples } from '@recado/contract';
import { owner } from '../faults/client.ts';
import type { Route, Schema } from '../openapi/document.ts';
import { exampleOf, type Given, idKindOf, optionalFields } from '../openapi/example.ts';
import type { FuzzRequest } from './requests.ts';

/** A body that no schema tells, because it holds a secret that an earlier answer gave, or a form. */
const told: Record<string, Partial<FuzzRequest>> = {
  'POST /api/v1/auth/login': { body: JSON.stringify(owner) },
  'POST /api/v1/auth/refresh': { body: '{"refresh_token":"@secret:refresh_token@"}' },
  'POST /api/v1/auth/password/reset': {
    body: '{"token":"@secret:reset_token@","password":"four words picked at random"}',
  },
  'POST /api/v1/invitations/preview': { body: '{"token":"@secret:invitation_token@"}' },
  'POST /api/v1/invitations/accept': {
    body: '{"token":"@secret:invitation_token@","name":"Bea","password":"four words picked at random"}',
  },
  'POST /api/v1/me/password': {
    body: JSON.stringify({ current_password: owner.password, new_password: owner.password }),
  },
  'POST /api/v1/me/second-factor': { body: JSON.stringify({ password: owner.password }) },
  'POST /api/v1/me/second-factor/confirm': { body: '{"code":"@secret:code@"}' },
  'POST /api/v1/me/second-factor/recovery-codes': {
    body: `{"password":"${owner.password}","code":"@secret:recovery_code@"}`,
  },
  'DELETE /api/v1/me/second-factor': { body: `{"password":"${owner.password}","code":"@secret:recovery_code@"}` },
  'GET /api/v1/messages/waiting': { query: [['ids', '@message:0@']] },
  'POST /api/v1/media': {
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nA file.\r\n--x--\r\n',
  },
  'POST /api/v1/alert-channels': { body: '{"kind":"slack","url":"https://hooks.example.com/x"}' },
  // There is an address only after a change, and nobody answers.
  'PATCH /api/v1/alert-settings': { body: '{"ping_url":"https://127.0.0.1.nip.io/ping"}' },
  'PATCH /api/v1/imports/{id}': { params: { id: '@contact_import:0@' }, body: '{"if_known":"replace"}' },
  'PATCH /api/v1/imports/{id}/rows/{row}': {
    params: { id: '@contact_import:6@', row: '3' },
    body: '{"cells":[{"column":2,"value":"+351910000009"}]}',
  },
  'POST /api/v1/imports/{id}/cancel': { params: { id: '@contact_import:0@' } },
  'POST /api/v1/imports/{id}/run': { params: { id: '@contact_import:2@' } },
  'POST /api/v1/imports/{id}/undo': { params: { id: '@contact_import:3@' } },
  'PATCH /api/v1/workspace/campaigns': { body: '{"approval_above":null}' },
  // A change leaves the first of its kind alone: this is the third campaign.
  'PATCH /api/v1/campaigns/{id}': { params: { id: '@campaign:1@' }, body: '{"name":"Changed"}' },
  'POST /api/v1/campaigns/{id}/cancel': { params: { id: '@campaign:1@' }, body: '{}' },
  'POST /api/v1/campaigns/{id}/start': { params: { id: '@campaign:0@' }, body: '{"now":true}' },
  'POST /api/v1/campaigns/{id}/unschedule': { params: { id: '@campaign:1@' } },
  'POST /api/v1/campaigns/{id}/ask': { params: { id: '@campaign:2@' } },
  'POST /api/v1/campaigns/{id}/approve': { params: { id: '@campaign:3@' }, body: '{}' },
  'POST /api/v1/campaigns/{id}/refuse': { params: { id: '@campaign:2@' }, body: '{"note":"Not now."}' },
  'POST /api/v1/campaigns/{id}/pause': { params: { id: '@campaign:4@' }, body: '{"note":"Later."}' },
  'POST /api/v1/campaigns/{id}/resume': { params: { id: '@campaign:5@' } },
  'POST /api/v1/campaigns/{id}/retry': { params: { id: '@campaign:6@' } },
  'GET /api/v1/campaigns/{id}/preview': { params: { id: '@campaign:2@' }, query: [] },
  'POST /api/v1/campaigns/{id}/test': {
    params: { id: '@campaign:2@' },
    body: '{"contact_ids":["@contact:2@"],"variant":0}',
  },
  'POST /api/v1/contacts/{id}/merge': { params: { id: '@contact:0@' }, body: '{"other_id":"@contact:1@"}' },
  'GET /api/v1/opt-out-links/{token}': { params: { token: '@secret:opt_out_token@' } },
  'POST /api/v1/opt-out-links/{token}': { params: { token: '@secret:opt_out_token@' } },
  'DELETE /api/v1/opt-out-links/{token}': { params: { token: '@secret:opt_out_token@' } },
  'POST /api/v1/hooks': {
    body: '{"name":"Grafana","account_id":"@account:0@","contact_ids":["@contact:3@"]}',
  },
  'PATCH /api/v1/hooks/{id}': { params: { id: '@hook:0@' }, body: '{"group_seconds":0}' },
  'POST /hooks/{token}': {
    params: { token: '@secret:hook_token@' },
    headers: { 'content-type': 'application/json' },
    body: '{"status":"firing","groupKey":"a","groupLabels":{"alertname":"DiskFull"},"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","instance":"db-1"},"annotations":{"summary":"4% left"},"fingerprint":"f"}]}',
  },
  'POST /api/v1/wall-views/show': { body: '{"token":"@secret:wall_token@"}' },
  'GET /webhooks/whatsapp/{app}': {
    params: { app: 'sandbox' },
    query: [
      ['hub.mode', 'subscribe'],
      ['hub.verify_token', '@secret:verify_token@'],
      ['hub.challenge', '1158201444'],
    ],
  },
  'POST /webhooks/whatsapp/{app}': {
    params: { app: 'sandbox' },
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': '@signature@' },
    body: '{"object":"whatsapp_business_account","entry":[{"id":"@secret:business_account_id@","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"@secret:phone_number_id@"},"messages":[{"from":"33612345678","id":"wamid.fuzz","timestamp":"1764000000","type":"text","text":{"body":"Hi"}}]}}]}]}',
  },
};

/** These come after all others, as they take away what others need, in this order. */
const last = [
  /^DELETE \/api\/v1\/(?!me|accounts)/,
  /erase$/,
  /purge$/,
  /second-factor/,
  /me\/password/,
  /^DELETE/,
  /logout$/,
  /switch$/,
];

const turnOf = ({ name, method, path }: Route): number => {
  const place = last.findLastIndex(each => each.test(name));
  if (name === 'DELETE /api/v1/me/second-factor') return 100 + last.length;
  // They go with their contact or their account.
  if (/^DELETE .*(opt-outs|opt-out-links|templates)/.test(name)) return 4;
  if (place >= 0) return 10 + place;
  return path.includes('{') ? 3 : method === 'GET' ? 2 : 1;
};

/** The routes in an order in which the earlier ones make what the later ones need. */
export const inOrder = (routes: readonly Route[]): Route[] =>
  [...routes].sort((left, right) => turnOf(left) - turnOf(right));

/** Requests to a route that should get a good answer; `places` says how many objects of a kind are known. */
export function lessonsOf(route: Route, places: (kind: IdKind) => number): FuzzRequest[] {
  const exact = told[route.name];
  // The newest objects first for what deletes, so that the oldest stay for others. Otherwise from both ends.
  const deletes = /^DELETE|erase$|purge$/.test(route.name);
  const kinds = route.parameters.flatMap(({ in: where, schema }) => (where === 'path' && idKindOf(schema)) || []);
  const most = Math.max(1, ...kinds.map(places));
  const lessons: FuzzRequest[] = [];
  for (let n = 0; n < most; n++) {
    const fromEnd = deletes ? n : n % 2 === 1 ? (n - 1) / 2 : undefined;
    const given = givenAt(kind => (fromEnd === undefined ? n / 2 : Math.max(0, places(kind) - 1 - fromEnd)));
    for (const body of exact ? [exact.body] : bodiesOf(route, given))
      lessons.push({
        route,
        caller: 'owner',
        method: route.method,
        params: paramsOf(route, given),
        query: queryOf(route, given),
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        ...exact,
        body,
      });
  }
  return lessons;
}

let numbers = 0;

const givenAt = (placeOf: (kind: IdKind) => number): Given => ({
  id: kind => `@${kind}:${placeOf(kind)}@`,
  next: () => ++numbers,
});

const textsOf = (route: Route, where: 'path' | 'query', given: Given): [string, string][] =>
  route.parameters
    .filter(each => each.in === where && (where === 'path' || each.required))
    .map(({ name, schema }) => [name, String(exampleOf(schema, given, [], undefined, name))]);

const paramsOf = (route: Route, given: Given) => Object.fromEntries(textsOf(route, 'path', given));
const queryOf = (route: Route, given: Given) => textsOf(route, 'query', given);

/** The example of the document, the least body, and bodies with each optional field. */
function bodiesOf({ body }: Route, given: Given): (string | undefined)[] {
  if (!body) return [undefined];
  const { schema } = body;
  const fields = [undefined, ...branches(schema).flatMap(optionalFields)];
  const made = fields.map(field => exampleOf(schema, given, field === undefined ? [] : [{ field }]));
  const texts = [...examplesOf(schema), ...made].map(each => withReferences(JSON.stringify(each), given));
  return [...new Set(texts)];
}

const branches = (schema: Schema): Schema[] => [schema, ...(schema.anyOf ?? schema.oneOf ?? []).flatMap(branches)];
const examplesOf = (schema: Schema): unknown[] =>
  branches(schema).flatMap(({ example }) => (example === undefined ? [] : [example]));

/** The ids of the document's examples become ids of objects that are there. */
const withReferences = (text: string, given: Given): string =>
  Object.entries(idExamples).reduce((left, [kind, id]) => left.replaceAll(id, given.id(kind as IdKind)), text);
