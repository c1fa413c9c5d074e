// Graph API endpoints about tokens, numbers of business accounts, subscriptions and registration.
import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { chosenFields } from '../graph/fields.ts';
import { GraphError } from '../graph/graph-errors.ts';
import type { Limits } from '../graph/limits.ts';
import { check } from '../graph/message-rules.ts';
import type { Clock } from '../kit/clock.ts';
import { graphPrefixes, jsonBody, notFound, numberPattern, rawBody, requireToken, tokenOf } from '../kit/http.ts';
import type { Ids } from '../kit/ids.ts';
import type { Settings } from '../options.ts';
import type { Phones } from '../phones/phones.ts';
import { webhookFields } from '../webhooks/webhook-fields.ts';
import type { Billing } from './billing.ts';
import type { Business, BusinessApp, BusinessNumber, BusinessToken } from './business-store.ts';
import { rejectPrivateCallback, verifyCallback } from './callback.ts';

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
const callbackBody = z.looseObject({
  object: z.literal('whatsapp_business_account'),
  callback_url: z.string().max(200),
  verify_token: z.string(),
  fields: z.union([z.string().transform(text => text.split(',')), z.array(z.string())]),
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
    if (token === undefined) {
      if (tokenOf(request) === settings.accessToken) checkProof(request, settings.appSecret, false);
      return;
    }
    if (isOver(token, clock)) throw expired('Session has expired.');
    const owner = business.app(token.app);
    if (owner !== undefined) checkProof(request, owner.secret, owner.requiresSecret);
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

/** Checks the proof of a call's token, where one is given or the app requires it. The file host takes none. */
const checkProof = (request: FastifyRequest, secret: string, isRequired: boolean): void => {
  const { appsecret_proof: given } = request.query as Record<string, unknown>;
  if (given === undefined && (!isRequired || request.url.startsWith('/whatsapp_business/'))) return;
  if (given === undefined) throw new GraphError(100, 'API calls from the server require an appsecret_proof argument');
  if (given !== createHmac('sha256', secret).update(tokenOf(request)).digest('hex'))
    throw new GraphError(100, 'Invalid appsecret_proof provided in the API argument');
};

/** The token of this store that a request came with. */
const ofRequest = new WeakMap<FastifyRequest, BusinessToken>();

/** Adds the endpoints, with and without a version in the path. */
export const addBusinessRoutes = (app: FastifyInstance, needs: BusinessNeeds): void => {
  const { business, settings, clock, phones, limits, ids } = needs;

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

  /** The app whose own token, `id|secret`, a call has. */
  const ownAppOf = (request: FastifyRequest<Params>): BusinessApp => {
    const app = business.app(request.params.phoneNumberId);
    if (app === undefined || tokenOf(request) !== `${app.id}|${app.secret}`)
      throw new GraphError(190, 'This call needs the access token of the app itself: its id and its secret.');
    return app;
  };

  const setCallback = async (request: FastifyRequest<Params>) => {
    const app = ownAppOf(request);
    const { callback_url: url, verify_token: verifyToken, fields } = check(callbackBody, jsonBody(request), '');
    const offered = webhookFields.filter(field => !app.refusedFields.includes(field));
    for (const [index, field] of fields.entries())
      if (!offered.includes(field))
        throw new GraphError(100, `Param fields[${index}] must be one of {${offered.join(', ')}}`);
    await verify('callback_url', url, verifyToken);
    business.putApp({ ...app, callback: { url, verifyToken, fields } });
    return { success: true };
  };

  const verify = async (param: string, url: string, verifyToken: string) => {
    await rejectPrivateCallback(param, url, settings.callbacks);
    const isVerified = await verifyCallback(url, verifyToken, ids.digits('challenge', 9));
    if (!isVerified)
      throw new GraphError(2200, 'Callback verification failed: the URL did not answer with the challenge.');
  };

  const listNumbers = (request: FastifyRequest<Params & { Querystring: { fields?: unknown } }>) => {
    appOf(request);
    const account = request.params.phoneNumberId;
    const data = phones
      .businesses()
      .filter(each => each.account === account)
      .map(({ id, display }) => {
        const all = {
          display_phone_number: `+${display}`,
          verified_name: 'Simulated business',
          quality_rating: 'GREEN',
          throughput: { level: limits.throughputOf(id) === 'high' ? 'HIGH' : 'STANDARD' },
          whatsapp_business_manager_messaging_limit: limits.tier(),
          ...detailsOf(business, id),
        };
        return chosenFields(all, id, request.query.fields, usualDetails);
      });
    return { data, paging: { cursors: { before: 'first', after: 'last' } } };
  };

  const subscribe = async (request: FastifyRequest<Params>) => {
    const id = appOf(request);
    const account = request.params.phoneNumberId;
    const body = check(subscribeBody, rawBody(request).length === 0 ? {} : jsonBody(request), '');
    if (id === undefined) throw new GraphError(200, 'Only the token of an app can subscribe it.');
    const { override_callback_uri: url, verify_token: verifyToken } = body;
    if (url !== undefined) {
      const isSubscribed = business.subscriptions(account).some(each => each.app === id);
      if (!isSubscribed || !business.app(id)?.callback?.fields.includes('messages'))
        throw new GraphError(
          100,
          'Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account',
        );
      await verify('override_callback_uri', url, verifyToken ?? '');
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
    if (number.codeVerification !== 'VERIFIED')
      throw new GraphError(133006, 'The number was never verified by a code.');
    if (number.pin !== null && number.pin !== pin) throw new GraphError(133005, 'Two-step verification PIN mismatch.');
    const now = clock.now();
    const recent = number.registrations.filter(at => now - at < registrationWindowMs);
    if (recent.length >= mostRegistrations)
      throw new GraphError(133016, 'A number can be registered ten times in 72 hours.');
    business.putNumber({ ...number, pin, registered: true, registrations: [...recent, now] });
    return { success: true };
  };

  for (const prefix of graphPrefixes) {
    app.get<{ Querystring: { input_token?: unknown } }>(`${prefix}/debug_token`, async request =>
      describeToken(request),
    );
    app.get<Params>(`${prefix}/${numberPattern}/subscriptions`, async request => {
      const { callback } = ownAppOf(request);
      if (callback === null) return { data: [] };
      const fields = callback.fields.map(name => ({ name, version: 'v25.0' }));
      return { data: [{ object: 'whatsapp_business_account', callback_url: callback.url, active: true, fields }] };
    });
    app.post<Params>(`${prefix}/${numberPattern}/subscriptions`, setCallback);
    app.delete<Params>(`${prefix}/${numberPattern}/subscriptions`, async request => {
      business.putApp({ ...ownAppOf(request), callback: null });
      return { success: true };
    });
    app.get<Params & { Querystring: { fields?: unknown } }>(`${prefix}/${numberPattern}/phone_numbers`, async request =>
      listNumbers(request),
    );
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

const mostRegistrations = 10;
const registrationWindowMs = 72 * 3_600_000;

const usualDetails = ['display_phone_number', 'verified_name', 'quality_rating', 'code_verification_status'];

/** What Meta says of a number beside its limits. */
export const detailsOf = (business: Business, id: string): Record<string, unknown> => {
  const number = business.number(id);
  if (number === undefined) return { name_status: 'APPROVED', ...stateOf(simulated(id)) };
  return {
    verified_name: number.verifiedName,
    name_status: number.nameStatus,
    quality_rating: number.quality,
    ...stateOf(number),
  };
};

const simulated = (id: string): State => ({
  id,
  registered: true,
  codeVerification: 'VERIFIED',
  status: null,
  mode: 'LIVE',
  isOnBusinessApp: false,
  canSend: 'AVAILABLE',
});
type State = Pick<
  BusinessNumber,
  'id' | 'registered' | 'codeVerification' | 'status' | 'mode' | 'isOnBusinessApp' | 'canSend'
>;

const stateOf = ({ id, registered, codeVerification, status, mode, isOnBusinessApp, canSend }: State) => ({
  platform_type: registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
  status: status ?? (registered ? 'CONNECTED' : 'PENDING'),
  code_verification_status: codeVerification,
  account_mode: mode,
  is_on_biz_app: isOnBusinessApp,
  health_status: {
    can_send_message: canSend,
    entities: [
      {
        entity_type: 'PHONE_NUMBER',
        id,
        can_send_message: canSend,
        ...(canSend !== 'AVAILABLE' && {
          errors: [
            {
              error_code: 141000,
              error_description: `The simulator says that the number is ${canSend}.`,
              possible_solution: 'Change it with PATCH /business/numbers.',
            },
          ],
        }),
      },
    ],
  },
});

/** Meta's answer about a business account; undefined if no number is in it. */
export const describeAccount = (
  business: Business,
  phones: Phones,
  billing: Billing,
  id: string,
  fields: unknown,
): Record<string, unknown> | undefined => {
  const numbers = phones.businesses().filter(each => each.account === id);
  if (numbers.length === 0) return undefined;
  const { name, marketingOnboarding, isMarketingDisabled, isPartnerPaying } = business.account(id);
  const [, start, end] = /^pricing_analytics\.start\((\d+)\)\.end\((\d+)\)/.exec(String(fields)) ?? [];
  if (start !== undefined && end !== undefined) {
    const ids = numbers.map(each => each.id);
    const points = billing.analytics(ids, Number(start), Number(end), isPartnerPaying);
    const shown = points.map(point => ({ ...point, phone_number: phones.displayNumber(point.phone_number) }));
    return { id, pricing_analytics: { data: [{ data_points: shown }] } };
  }
  const all = {
    name,
    marketing_messages_onboarding_status: marketingOnboarding,
    disable_marketing_messages_on_cloud_api: isMarketingDisabled,
  };
  return chosenFields(all, id, fields, ['name']);
};
