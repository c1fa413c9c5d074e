// Creating and changing endpoints.
import type { CreateEndpoint, RotateSecret, UpdateEndpoint } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { grantedAccounts } from '../../kit/http/granted-accounts.ts';
import { type Caller, invalid } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import { typesFor } from '../events/index.ts';
import { type EndpointRow, openFormer, placeOfFormerSecrets, placeOfHeaders, placeOfSecret } from './endpoint.ts';
import * as store from './endpoint-store.ts';
import { problem } from './errors.ts';
import { unknownFields } from './filter-fields.ts';
import type { WebhookNeeds } from './needs.ts';
import { demandItsRights, grantedPermissions } from './rights.ts';
import { newSecret } from './signature.ts';

const mostEndpoints = 100;
const defaultConcurrency = 10;

type Settings = Omit<CreateEndpoint, 'url' | 'secret'> & { url?: string | undefined };

/** @throws AppError if Recado must not post to a link */
function demandLink({ poster }: WebhookNeeds, url: string): void {
  try {
    poster.check(url);
  } catch (error) {
    if (!(error instanceof GuardedFetchError)) throw error;
    const fields = [{ field: 'url', message: error.message }];
    throw problem('endpoint_link_rejected', `url: ${error.message}`, { fields, cause: error });
  }
}

/** Creates an endpoint; returns its id and the secret that Recado made for it, if it did. @throws AppError */
export async function createEndpoint(
  needs: WebhookNeeds,
  tx: Queryable,
  caller: Caller,
  body: CreateEndpoint,
): Promise<{ id: string; secret: string | null }> {
  const { workspaceId } = caller;
  demandLink(needs, body.url);
  if ((await store.countEndpoints(tx, workspaceId)) >= mostEndpoints) throw problem('too_many_endpoints');
  const id = newUuid();
  const secret = body.secret ?? newSecret();
  const settings = await settingsOf(needs, tx, caller, id, body);
  const now = new Date(needs.clock.now());
  const encrypted = needs.encrypter.encrypt(secret, placeOfSecret(id));
  await store.insertEndpoint(tx, { ...settings, id, workspaceId, secret: encrypted }, now);
  await store.noteEndpoint(tx, workspaceId, 'endpoint.created', id, needs.clock.sqlNow());
  return { id, secret: body.secret === undefined ? secret : null };
}

/** Changes an endpoint. The caller answers for its events from now on. @throws AppError */
export async function changeEndpoint(
  needs: WebhookNeeds,
  tx: Queryable,
  caller: Caller,
  id: string,
  asked: UpdateEndpoint,
): Promise<void> {
  const before = await store.lockEndpoint(tx, caller.workspaceId, id);
  if (!before) throw problem('endpoint_not_found');
  demandItsRights(caller, before);
  if (asked.url !== undefined) demandLink(needs, asked.url);
  // Nobody may read the headers, so nobody may have them sent to a server of their own.
  const moves = asked.url !== undefined && new URL(asked.url).origin !== new URL(before.url).origin;
  const body = moves ? { headers: null, ...asked } : asked;
  const settings = await settingsOf(needs, tx, caller, id, body, before);
  const headers = body.headers === undefined ? (await store.findSecrets(tx, id, null))?.headers : settings.headers;
  const status = body.status ?? before.status;
  const now = new Date(needs.clock.now());
  await store.updateEndpoint(tx, id, { ...settings, headers: headers ?? null }, status, now);
  if (status === 'active' && before.status !== 'active') await store.resetLane(tx, id, needs.clock.sqlNow());
  await store.noteEndpoint(tx, caller.workspaceId, 'endpoint.updated', id, needs.clock.sqlNow());
}

/** What is stored: what the body says, else what was there before, else the defaults. */
async function settingsOf(
  { encrypter, knownAccounts }: WebhookNeeds,
  tx: Queryable,
  caller: Caller,
  id: string,
  body: Settings,
  before?: EndpointRow,
): Promise<store.EndpointSettings> {
  const given = <Value>(value: Value | undefined, former: Value): Value => (value === undefined ? former : value);
  const eventTypes = given(body.event_types, before?.event_types ?? null);
  const choosesAccounts = body.account_ids !== undefined || !before;
  const permissions = grantedPermissions(caller, eventTypes);
  const filter = given(body.filter, before?.filter ?? null);
  const [wrong] = filter ? unknownFields(filter, typesFor(new Set(permissions), eventTypes ?? undefined)) : [];
  if (wrong !== undefined)
    throw invalid(
      `filter${wrong}`,
      'No event type of this endpoint has this field. See `GET /api/v1/event-types` for their fields.',
    );
  const rate = body.rate_limit;
  return {
    url: body.url ?? before?.url ?? '',
    description: given(body.description, before?.description ?? null),
    eventTypes,
    accounts: choosesAccounts
      ? await grantedAccounts(tx, caller, body.account_ids ?? null, knownAccounts)
      : (before?.accounts ?? null),
    permissions,
    filter,
    headers: body.headers ? encrypter.encrypt(JSON.stringify(body.headers), placeOfHeaders(id)) : null,
    headerNames: body.headers === undefined ? (before?.header_names ?? []) : Object.keys(body.headers ?? {}),
    rateMessages: rate === undefined ? (before?.rate_messages ?? null) : (rate?.messages ?? null),
    rateSeconds: rate === undefined ? (before?.rate_seconds ?? null) : (rate?.seconds ?? null),
    concurrency: body.concurrency ?? before?.concurrency ?? defaultConcurrency,
    seesNumbers: given(body.sees_numbers, before?.sees_numbers ?? true),
    creatorKind: caller.kind,
    createdBy: caller.id,
  };
}

const defaultOverlapSeconds = 86_400;
/** Each one lengthens the header of each request. */
const mostFormer = 10;

/** Gives an endpoint a new secret, of Recado or of the caller. Each former one signs until the time that was promised. @throws AppError */
export async function rotateSecret(
  { clock, encrypter }: WebhookNeeds,
  tx: Queryable,
  caller: Caller,
  id: string,
  { secret: own, overlap_seconds: overlapSeconds = defaultOverlapSeconds }: RotateSecret,
): Promise<{ secret: string | null; until: Date }> {
  const before = await store.lockEndpoint(tx, caller.workspaceId, id);
  const secrets = await store.findSecrets(tx, id, clock.sqlNow());
  if (!before || !secrets) throw problem('endpoint_not_found');
  demandItsRights(caller, before);
  const now = clock.now();
  const until = new Date(now + overlapSeconds * 1_000);
  const current = { secret: encrypter.open(secrets.secret, placeOfSecret(id)), until: until.getTime() };
  const former = [...openFormer(encrypter, secrets, now), ...(overlapSeconds > 0 ? [current] : [])];
  if (former.length > mostFormer) throw problem('too_many_secrets');
  const secret = own ?? newSecret();
  await store.rotateSecret(tx, id, {
    secret: encrypter.encrypt(secret, placeOfSecret(id)),
    former: former.length === 0 ? null : encrypter.encrypt(JSON.stringify(former), placeOfFormerSecrets(id)),
    until: former.length === 0 ? null : new Date(Math.max(...former.map(({ until: end }) => end))),
  });
  return { secret: own === undefined ? secret : null, until };
}
