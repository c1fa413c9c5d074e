// Graph API endpoints about tokens, numbers of business accounts, subscriptions and registration.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Business, BusinessToken } from './business-store.ts';
import { verifyCallback } from './callback.ts';
import type { Clock } from './clock.ts';
import { GraphError } from './graph-errors.ts';
import { graphPrefixes, jsonBody, notFound, numberPattern, requireToken, tokenOf } from './http.ts';
import type { Ids } from './ids.ts';
import type { Limits } from './limits.ts';
import { check } from './message-rules.ts';
import type { Settings } from './options.ts';
import type { Phones } from './phones.ts';

const messaging = 'whatsapp_business_messaging';
const management = 'whatsapp_business_management';

type BusinessNeeds = {
  business: Business;
  settings: Settings;
  clock: Clock;
  phones: Phones;
  limits: Limits;
  ids: Ids;
};
type Params = { Params: { phoneNumberId: string } };

const subscribeBody = z.looseObject({
  override_callback_uri: z.string().max(200).optional(),
  verify_token: z.string().optional(),
});
const registerBody = z.looseObject({ messaging_product: z.literal('whatsapp'), pin: z.string().regex(/^\d{6}$/) });

const firstSegment = /^\/(?:v\d{1,3}\.\d\/)?(\d{1,40})(?:\/([a-z_]+))?(?:\?|$)/;
const expired = (detail: string) => new GraphError(190, `Error validating access token: ${detail}`, { subcode: 463 });

const isOver = (token: BusinessToken, clock: Clock): boolean =>
  token.expiresAt !== null && clock.now() >= token.expiresAt;

/**
 * Lets tokens of this store use the other routes, for their business accounts only: a call with a valid one continues
 * with the simulator's own token.
 */
export const addBusinessGuards = (app: FastifyInstance, { business, settings, clock, phones }: BusinessNeeds): void => {
  app.addHook('preHandler', async request => {
    const token = business.token(tokenOf(request));
    if (token === undefined) return;
    if (isOver(token, clock)) throw expired('Session has expired.');
    const [, id, edge] = firstSegment.exec(request.url) ?? [];
    const isKnownNumber = id !== undefined && phones.businesses().some(each => each.id === id);
    const account = isKnownNumber ? phones.accountOf(id) : id;
    const isOfAccount = isKnownNumber || edge === 'phone_numbers' || edge === 'subscribed_apps';
    if (isOfAccount && account !== undefined && !token.accounts.includes(account)) throw notFound(id ?? '');
    const needed = edge === 'messages' || edge === 'marketing_messages' || edge === 'media' ? messaging : management;
    if (isOfAccount && !token.scopes.includes(needed))
      throw new GraphError(200, `The token lacks the permission ${needed}.`);
    if (edge === 'messages' && id !== undefined && business.number(id)?.registered === false)
      throw new GraphError(133010, 'The number is not registered for the Cloud API.');
    ofRequest.set(request, token);
    request.headers.authorization = `Bearer ${settings.accessToken}`;
  });
};

/** The token of this store that a request came with. */
const ofRequest = new WeakMap<FastifyRequest, BusinessToken>();

/** Adds the endpoints, with and without a version in the path. */
export const addBusinessRoutes = (app: FastifyInstance, needs: BusinessNeeds): void => {
  const { business, settings, clock, phones, ids } = needs;

  /** The app that asks: the one of the token, or the simulator's own. */
  const appOf = (request: FastifyRequest) => {
    requireToken(request, settings.accessToken);
    return ofRequest.get(request)?.app;
  };

  const describeToken = (request: FastifyRequest<{ Querystring: { input_token?: unknown } }>) => {
    const asked = String(request.query.input_token ?? '');
    const as = tokenOf(request);
    const [appId = '', secret] = as.split('|');
    const isOwn = ofRequest.get(request)?.token === asked || as === settings.accessToken;
    if (!isOwn && (secret === undefined || business.app(appId)?.secret !== secret))
      throw new GraphError(190, 'Invalid OAuth access token signature.', { http: 400 });
    const token = business.token(asked);
    if (token === undefined) return { data: { is_valid: false, scopes: [] } };
    return {
      data: {
        app_id: token.app,
        type: 'SYSTEM_USER',
        is_valid: !isOver(token, clock),
        expires_at: token.expiresAt === null ? 0 : Math.floor(token.expiresAt / 1_000),
        scopes: token.scopes,
        granular_scopes: token.scopes.map(scope => ({ scope, target_ids: token.accounts })),
      },
    };
  };

  const listNumbers = (request: FastifyRequest<Params>) => {
    appOf(request);
    const account = request.params.phoneNumberId;
    const data = phones
      .businesses()
      .filter(each => each.account === account)
      .map(({ id, display }) => ({ id, display_phone_number: `+${display}`, ...detailsOf(business, id) }));
    return { data, paging: { cursors: { before: 'first', after: 'last' } } };
  };

  const subscribe = async (request: FastifyRequest<Params>) => {
    const id = appOf(request);
    const account = request.params.phoneNumberId;
    const body = check(subscribeBody, request.body === undefined ? {} : jsonBody(request), '');
    if (id === undefined) throw new GraphError(200, 'Only the token of an app can subscribe it.');
    const { override_callback_uri: url, verify_token: verifyToken } = body;
    if (url !== undefined) {
      const isVerified = await verifyCallback(url, verifyToken ?? '', ids.digits('challenge', 9));
      if (!isVerified)
        throw new GraphError(2200, 'Callback verification failed: the URL did not answer with the challenge.');
    }
    business.subscribe({ account, app: id, override: url ?? null });
    return { success: true };
  };

  const register = (request: FastifyRequest<Params>) => {
    appOf(request);
    const id = request.params.phoneNumberId;
    const { pin } = check(registerBody, jsonBody(request), '');
    const number = business.number(id);
    if (number === undefined) throw notFound(id);
    if (number.pin !== null && number.pin !== pin) throw new GraphError(133005, 'Two-step verification PIN mismatch.');
    business.putNumber({ ...number, pin, registered: true });
    return { success: true };
  };

  for (const prefix of graphPrefixes) {
    app.get<{ Querystring: { input_token?: unknown } }>(`${prefix}/debug_token`, async request =>
      describeToken(request),
    );
    app.get<Params>(`${prefix}/${numberPattern}/phone_numbers`, async request => listNumbers(request));
    app.post<Params>(`${prefix}/${numberPattern}/subscribed_apps`, subscribe);
    app.get<Params>(`${prefix}/${numberPattern}/subscribed_apps`, async request => {
      appOf(request);
      return {
        data: business.subscriptions(request.params.phoneNumberId).map(each => ({
          whatsapp_business_api_data: { id: each.app, name: `App ${each.app}` },
          ...(each.override === null ? {} : { override_callback_uri: each.override }),
        })),
      };
    });
    app.delete<Params>(`${prefix}/${numberPattern}/subscribed_apps`, async request => {
      const id = appOf(request);
      if (id !== undefined) business.unsubscribe(request.params.phoneNumberId, id);
      return { success: true };
    });
    app.post<Params>(`${prefix}/${numberPattern}/register`, async request => register(request));
  }
};

/** What Meta says of a number beside its limits. */
export const detailsOf = (business: Business, id: string): Record<string, unknown> => {
  const number = business.number(id);
  if (number === undefined) return {};
  return {
    verified_name: number.verifiedName,
    name_status: number.nameStatus,
    quality_rating: number.quality,
    platform_type: number.registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
  };
};
