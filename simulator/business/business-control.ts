// Control routes for what is at Meta: apps, access tokens, and numbers with their quality and limits.
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';
import { type Limits, throughputNames, tierNames } from '../graph/limits.ts';
import { check } from '../graph/message-rules.ts';
import type { Clock } from '../kit/clock.ts';
import { jsonBody, notFound } from '../kit/http.ts';
import { phoneDigits } from '../kit/ids.ts';
import type { Phones } from '../phones/phones.ts';
import { signature } from '../webhooks/webhook-body.ts';
import { webhookFields } from '../webhooks/webhook-fields.ts';
import { type Business, targetsOf } from './business-store.ts';

const digits = z.string().regex(/^\d{1,40}$/, 'has to be digits');
const allScopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];

const newApp = z.strictObject({
  app_id: digits,
  app_secret: z.string().min(8),
  callback_url: z.url().optional(),
  verify_token: z.string().min(1).optional(),
});
const appChange = z.strictObject({
  refused_fields: z.array(z.string()).optional(),
  require_app_secret: z.boolean().optional(),
});
const newToken = z.strictObject({
  app_id: digits,
  business_account_ids: z.array(digits).min(1),
  access_token: z.string().min(8).optional(),
  scopes: z.array(z.string()).default(allScopes),
  expires_in_seconds: z.number().int().min(0).optional(),
});
const newNumber = z.strictObject({
  phone_number_id: digits,
  display_phone_number: z.string(),
  business_account_id: digits,
  verified_name: z.string().default('Simulated business'),
  registered: z.boolean().default(true),
  pin: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  code_verification_status: z.enum(['VERIFIED', 'NOT_VERIFIED', 'EXPIRED']).default('VERIFIED'),
});
const tokenChange = z.strictObject({ access_token: z.string(), expired: z.literal(true) });
const numberChange = z.strictObject({
  quality_rating: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']).optional(),
  name_status: z.string().optional(),
  verified_name: z.string().optional(),
  throughput: z.enum(throughputNames).optional(),
  tier: z.enum(tierNames).optional(),
  status: z.string().max(40).optional(),
  can_send_message: z.enum(['AVAILABLE', 'LIMITED', 'BLOCKED']).optional(),
  code_verification_status: z.enum(['VERIFIED', 'NOT_VERIFIED', 'EXPIRED']).optional(),
  account_mode: z.enum(['LIVE', 'SANDBOX']).optional(),
  is_on_biz_app: z.boolean().optional(),
});
const accountChange = z.strictObject({
  name: z.string().optional(),
  marketing_messages_onboarding_status: z.string().max(40).optional(),
  disable_marketing_messages_on_cloud_api: z.boolean().optional(),
  partner_pays: z.boolean().optional(),
});

type ControlNeeds = { business: Business; clock: Clock; phones: Phones; limits: Limits };

/** Adds the routes. They need no token: only this machine can reach them. */
export const addBusinessControl = (app: FastifyInstance, { business, clock, phones, limits }: ControlNeeds): void => {
  app.get('/business', () => ({
    apps: business.apps().map(({ id, callback, refusedFields, requiresSecret }) => ({
      app_id: id,
      callback_url: callback?.url ?? null,
      fields: callback?.fields ?? [],
      refused_fields: refusedFields,
      require_app_secret: requiresSecret,
    })),
    numbers: business.numbers(),
  }));
  app.post('/business/apps', (request, reply) => {
    const body = check(newApp, jsonBody(request), '');
    const { callback_url: url, verify_token: verifyToken } = body;
    const callback = url === undefined ? null : { url, verifyToken: verifyToken ?? '', fields: [...webhookFields] };
    business.putApp({
      id: body.app_id,
      secret: body.app_secret,
      callback,
      refusedFields: [],
      requiresSecret: false,
    });
    return reply.code(201).send({ app_id: body.app_id });
  });
  app.patch<{ Params: { id: string } }>('/business/apps/:id', (request, reply) => {
    const before = business.app(request.params.id);
    if (before === undefined) throw notFound(request.params.id);
    const change = check(appChange, jsonBody(request), '');
    business.putApp({
      ...before,
      refusedFields: change.refused_fields ?? before.refusedFields,
      requiresSecret: change.require_app_secret ?? before.requiresSecret,
    });
    return reply.code(204).send();
  });
  app.post('/business/tokens', (request, reply) => {
    const body = check(newToken, jsonBody(request), '');
    if (business.app(body.app_id) === undefined) throw notFound(body.app_id);
    const token = body.access_token ?? `EAA${randomBytes(48).toString('hex')}`;
    const { expires_in_seconds: seconds } = body;
    business.putToken({
      token,
      app: body.app_id,
      accounts: body.business_account_ids,
      scopes: body.scopes,
      expiresAt: seconds === undefined ? null : clock.now() + 1_000 * seconds,
    });
    return reply.code(201).send({ access_token: token });
  });
  app.patch('/business/tokens', (request, reply) => {
    const { access_token: text } = check(tokenChange, jsonBody(request), '');
    const token = business.token(text);
    if (token === undefined) throw notFound('the token');
    business.putToken({ ...token, expiresAt: clock.now() });
    return reply.code(204).send();
  });
  app.post('/business/numbers', (request, reply) => {
    const body = check(newNumber, jsonBody(request), '');
    const display = phoneDigits(body.display_phone_number);
    if (display === null) throw new GraphError(131009, 'display_phone_number: not a phone number.');
    phones.registerBusiness(body.phone_number_id, display, body.business_account_id);
    business.putNumber({
      id: body.phone_number_id,
      verifiedName: body.verified_name,
      nameStatus: 'APPROVED',
      quality: 'GREEN',
      registered: body.registered,
      pin: body.pin ?? null,
      codeVerification: body.code_verification_status,
      status: null,
      mode: 'LIVE',
      isOnBusinessApp: false,
      canSend: 'AVAILABLE',
      registrations: [],
    });
    return reply.code(201).send({ phone_number_id: body.phone_number_id });
  });
  app.patch<{ Params: { id: string } }>('/business/accounts/:id', (request, reply) => {
    const { id } = request.params;
    if (!phones.businesses().some(each => each.account === id)) throw notFound(id);
    const change = check(accountChange, jsonBody(request), '');
    const before = business.account(id);
    business.putAccount({
      id,
      name: change.name ?? before.name,
      marketingOnboarding: change.marketing_messages_onboarding_status ?? before.marketingOnboarding,
      isMarketingDisabled: change.disable_marketing_messages_on_cloud_api ?? before.isMarketingDisabled,
      isPartnerPaying: change.partner_pays ?? before.isPartnerPaying,
    });
    return reply.code(204).send();
  });
  app.patch<{ Params: { id: string } }>('/business/numbers/:id', async (request, reply) => {
    const { id } = request.params;
    const number = business.number(id);
    if (number === undefined) throw notFound(id);
    const change = check(numberChange, jsonBody(request), '');
    business.putNumber({
      ...number,
      quality: change.quality_rating ?? number.quality,
      nameStatus: change.name_status ?? number.nameStatus,
      verifiedName: change.verified_name ?? number.verifiedName,
      status: change.status ?? number.status,
      canSend: change.can_send_message ?? number.canSend,
      codeVerification: change.code_verification_status ?? number.codeVerification,
      mode: change.account_mode ?? number.mode,
      isOnBusinessApp: change.is_on_biz_app ?? number.isOnBusinessApp,
    });
    const { throughput, tier } = change;
    if (change.is_on_biz_app === true) limits.change({ throughput: 'coexistence', phone_number_id: id });
    if (throughput !== undefined) limits.change({ throughput, phone_number_id: id });
    if (tier !== undefined) limits.change({ tier });
    const account = phones.accountOf(id);
    const display = phones.displayNumber(id);
    const changes = [
      ...(change.quality_rating !== undefined || throughput !== undefined || tier !== undefined
        ? [
            {
              field: 'phone_number_quality_update',
              value: {
                display_phone_number: display,
                event:
                  throughput === 'high'
                    ? 'THROUGHPUT_UPGRADE'
                    : change.quality_rating === 'RED'
                      ? 'FLAGGED'
                      : 'UPGRADE',
                max_daily_conversations_per_business: limits.tier(),
              },
            },
          ]
        : []),
      ...(change.name_status !== undefined || change.verified_name !== undefined
        ? [
            {
              field: 'phone_number_name_update',
              value: {
                display_phone_number: display,
                decision: change.name_status ?? number.nameStatus,
                requested_verified_name: change.verified_name ?? number.verifiedName,
                rejection_reason: null,
              },
            },
          ]
        : []),
    ];
    const delivered = [];
    for (const one of changes) {
      const entry = [{ id: account, time: Math.floor(clock.now() / 1_000), changes: [one] }];
      const bytes = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
      delivered.push(await postToAll(targetsOf(business, account, one.field) ?? [], bytes));
    }
    return reply.code(200).send({ delivered: delivered.length > 0 && delivered.every(Boolean) });
  });
};

/** One attempt for each app; true if all took it. */
const postToAll = async (targets: { url: string; secret: string }[], bytes: Buffer<ArrayBuffer>): Promise<boolean> => {
  const taken = await Promise.all(
    targets.map(async ({ url, secret }) => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(secret, bytes) },
          body: bytes,
          redirect: 'manual',
          signal: AbortSignal.timeout(10_000),
        });
        await response.arrayBuffer();
        return response.status === 200;
      } catch {
        return false;
      }
    }),
  );
  return taken.length > 0 && taken.every(Boolean);
};
