// Meta's business management calls: tokens, numbers, subscriptions, registration.
import type { Agent } from 'undici';
import type { BusinessAnswer, BusinessApi, BusinessFailure, NumberInfo } from '../../../ports/business.ts';
import type { Outcome } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import { type Answer, deadline, failureOf, graphErrorIn, readAnswer, refusalOf, succeeded } from './call.ts';

export interface BusinessSettings {
  /** The Graph API with its version, without a slash at the end. */
  baseUrl: () => string;
  userAgent: string;
  deadlineMs: number;
  agent: Agent;
}

const numberFields =
  'id,display_phone_number,verified_name,quality_rating,name_status,throughput,platform_type,whatsapp_business_manager_messaging_limit';

/** The most pages of a list that are read. */
const mostPages = 50;

type Json = Record<string, unknown>;
type Query = Record<string, string>;

/** Opens the calls. */
export function metaBusiness(settings: BusinessSettings): BusinessApi {
  async function ask(
    method: 'GET' | 'POST',
    path: string,
    accessToken: string,
    { query = {}, body }: { query?: Query; body?: Json } = {},
  ): Promise<BusinessAnswer<Json>> {
    const ends = deadline(settings.deadlineMs);
    const base = new URL(settings.baseUrl());
    try {
      const response = await settings.agent.request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/$/, '')}/${path}`,
        method,
        query,
        headers: {
          authorization: `Bearer ${accessToken}`,
          'user-agent': settings.userAgent,
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body ? JSON.stringify(body) : null,
        signal: ends.signal,
      });
      const answer = await readAnswer(response);
      if (succeeded(answer) && answer.body) return { ok: true, value: answer.body };
      return rejection(answer, [accessToken, query.input_token]);
    } catch (error) {
      const { code, title } = failureOf(ends.signal.aborted ? ends.signal.reason : error);
      return { ok: false, kind: 'unreachable', code, title };
    } finally {
      ends.clear();
    }
  }

  /** All items of a list. */
  async function list(path: string, accessToken: string, query: Query): Promise<BusinessAnswer<Json[]>> {
    const items: Json[] = [];
    let after: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const answer = await ask('GET', path, accessToken, {
        query: { ...query, limit: '100', ...(after !== undefined && { after }) },
      });
      if (!answer.ok) return answer;
      for (const item of asList(answer.value.data)) items.push(asRecord(item) ?? {});
      const paging = asRecord(answer.value.paging);
      after = paging?.next === undefined ? undefined : asString(asRecord(paging.cursors)?.after);
      if (after === undefined) break;
    }
    return { ok: true, value: items };
  }

  const done = (answer: BusinessAnswer<Json>): BusinessAnswer<null> => (answer.ok ? { ok: true, value: null } : answer);
  const at = (id: string, path = '') => `${encodeURIComponent(id)}${path}`;

  return {
    async describeToken(accessToken, asToken) {
      const answer = await ask('GET', 'debug_token', asToken, { query: { input_token: accessToken } });
      if (!answer.ok) return answer;
      const data = asRecord(answer.value.data);
      const expires = Number(data?.expires_at ?? 0);
      return {
        ok: true,
        value: {
          appId: asString(data?.app_id),
          isValid: data?.is_valid === true,
          expiresAt: expires > 0 ? new Date(expires * 1_000) : undefined,
          scopes: asList(data?.scopes).flatMap(scope => asString(scope) ?? []),
        },
      };
    },
    async describeNumber(accessToken, numberId) {
      const answer = await ask('GET', at(numberId), accessToken, { query: { fields: numberFields } });
      return answer.ok ? { ok: true, value: numberIn(answer.value) } : answer;
    },
    async listNumbers(accessToken, businessId) {
      const answer = await list(at(businessId, '/phone_numbers'), accessToken, { fields: 'id' });
      return answer.ok ? { ok: true, value: answer.value.flatMap(item => asString(item.id) ?? []) } : answer;
    },
    async subscribe(accessToken, businessId, override) {
      const body = override && { override_callback_uri: override.url, verify_token: override.verifyToken };
      return done(await ask('POST', at(businessId, '/subscribed_apps'), accessToken, { body: body ?? {} }));
    },
    async listSubscriptions(accessToken, businessId) {
      const answer = await list(at(businessId, '/subscribed_apps'), accessToken, {});
      if (!answer.ok) return answer;
      return {
        ok: true,
        value: answer.value.flatMap(item => {
          const appId = asString(asRecord(item.whatsapp_business_api_data)?.id);
          return appId === undefined ? [] : [{ appId, override: asString(item.override_callback_uri) }];
        }),
      };
    },
    async register(accessToken, numberId, pin) {
      const body = { messaging_product: 'whatsapp', pin };
      return done(await ask('POST', at(numberId, '/register'), accessToken, { body }));
    },
  };
}

const temporary: ReadonlySet<string> = new Set<Outcome['class']>(['unknown', 'unavailable', 'throttled', 'not_sent']);

/** A Graph error is Meta's own answer. Its temporary errors say nothing about the credentials. */
function rejection(answer: Answer, secrets: (string | undefined)[]): BusinessFailure {
  const { class: kind, code, title: words } = refusalOf(answer);
  // Meta repeats a token that it cannot read.
  const title = secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), words);
  const isOwn = graphErrorIn(answer) !== undefined && !temporary.has(kind);
  return { ok: false, kind: isOwn ? 'rejected' : 'unreachable', code, title };
}

function numberIn(value: Json): NumberInfo {
  const digits = asString(value.display_phone_number)?.replaceAll(/\D/g, '');
  const word = (text: unknown) => asString(text)?.slice(0, 200);
  const platform = asString(value.platform_type);
  return {
    phone: digits !== undefined && /^\d{5,15}$/.test(digits) ? `+${digits}` : undefined,
    verifiedName: word(value.verified_name),
    nameStatus: word(value.name_status),
    quality: word(value.quality_rating),
    throughput: word(asRecord(value.throughput)?.level),
    messagingLimit: word(value.whatsapp_business_manager_messaging_limit),
    isRegistered: platform === undefined ? undefined : platform !== 'NOT_APPLICABLE',
  };
}
