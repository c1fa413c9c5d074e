// The browsers of the caller that are told while no page of theirs is open, over HTTP.
import {
  createPushSubscriptionBody,
  idSchema,
  pageQuery,
  problemSchema,
  pushKeySchema,
  pushSubscriptionPage,
  pushSubscriptionSchema,
} from '@recado/contract';
import { z } from 'zod';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import { arePushKeys } from '../../kit/crypto/web-push.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { type Caller, callerOf, invalid, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import type { GuardedPoster } from '../../kit/net/guarded-post.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import type { Clock } from '../../kit/time.ts';
import { problem } from './errors.ts';
import { publicPushKey } from './push-key-store.ts';
import * as store from './push-store.ts';

export interface PushRouteNeeds {
  db: ScopedDatabase;
  engineDb: Database;
  clock: Clock;
  encrypter: Encrypter;
  poster: Pick<GuardedPoster, 'check'>;
}

const tags = ['Me'];

const present =
  (caller: Pick<Caller, 'sessionId'>) =>
  ({ id, session_id, user_agent, created_at, last_at, error }: store.SubscriptionRow) => ({
    id: toId('push_subscription', id),
    user_agent,
    current: session_id === caller.sessionId,
    created_at: created_at.toISOString(),
    last_at: last_at?.toISOString() ?? null,
    error,
  });

/** The routes of the caller's push subscriptions. */
export function pushRoutes(app: Server, { db, engineDb, clock, encrypter, poster }: PushRouteNeeds): void {
  app.get(
    '/api/v1/me/push-key',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'getMyPushKey',
        summary: 'Show the key that browsers subscribe to Web Push with',
        response: { 200: pushKeySchema },
      },
    },
    async () => ({ public_key: await publicPushKey(engineDb, encrypter) }),
  );

  app.get(
    '/api/v1/me/push-subscriptions',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'listMyPushSubscriptions',
        summary: 'List your browsers that are told while no page is open, newest first',
        querystring: z.strictObject(pageQuery),
        response: { 200: pushSubscriptionPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listSubscriptions(db.within(caller), caller.workspaceId, caller.id, page);
      return toPage(rows, page, total, present(caller), row => [row.id]);
    },
  );

  app.put(
    '/api/v1/me/push-subscription',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'setMyPushSubscription',
        summary: 'Have this browser told while no page is open',
        description:
          'With what the browser subscribed with. One for each session; it ends with the session. The push service sees neither who writes nor what: only the browser can read it.',
        body: createPushSubscriptionBody,
        response: { 200: pushSubscriptionSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { endpoint, keys, language } = request.body;
      if (!arePushKeys(keys)) throw invalid('keys', 'Must be those of a browser.');
      demandEndpoint(poster, endpoint);
      const { sessionId } = caller;
      if (sessionId === undefined) throw invalid('endpoint', 'Only the session of a person has a browser.');
      await store.forgetBrowser(engineDb, { endpoint, ...keys }, sessionId);
      const now = new Date(clock.now());
      const made = {
        id: newUuid(),
        workspaceId: caller.workspaceId,
        personId: caller.id,
        sessionId,
        endpoint,
        ...keys,
        language,
      };
      const row = await db.within(caller).transaction(tx => store.keepSubscription(tx, made, now));
      return present(caller)(row);
    },
  );

  app.delete(
    '/api/v1/me/push-subscriptions/:id',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'deleteMyPushSubscription',
        summary: 'Have a browser told no longer',
        params: z.strictObject({ id: idSchema('push_subscription') }),
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      if (!(await store.deleteSubscription(db.within(caller), caller.workspaceId, caller.id, id)))
        throw problem('push_subscription_not_found');
      return reply.code(204).send(null);
    },
  );
}

/** @throws AppError where Recado does not post to the address */
function demandEndpoint(poster: Pick<GuardedPoster, 'check'>, endpoint: string): void {
  try {
    poster.check(endpoint);
  } catch (error) {
    if (!(error instanceof GuardedFetchError)) throw error;
    const fields = [{ field: 'endpoint', message: error.message }];
    throw problem('push_endpoint_rejected', `endpoint: ${error.message}`, { fields, cause: error });
  }
}
