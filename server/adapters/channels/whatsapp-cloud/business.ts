// Meta's business management calls: tokens, numbers, subscriptions, registration.
import type { Agent } from 'undici';
import type {
  AccessKey,
  AppKey,
  BilledVolume,
  BusinessAnswer,
  BusinessApi,
  BusinessFailure,
  NumberHealth,
  NumberInfo,
} from '../../../ports/business.ts';
import type { Outcome } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import { type Answer, deadline, failureOf, graphErrorIn, readAnswer, refusalOf, succeeded } from './call.ts';
import { negotiateFields } from './negotiate-fields.ts';
import { proofOf } from './proof.ts';
import { webhookFields } from './webhook-fields.ts';

export interface BusinessSettings {
  /** The Graph API with its version, without a slash at the end. */
  baseUrl: () => string;
  userAgent: string;
  deadlineMs: number;
  agent: Agent;
}

const numberFields =
  'id,display_phone_number,verified_name,quality_rating,name_status,throughput,platform_type,whatsapp_business_manager_messaging_limit';
const numberDetails = 'status,health_status,code_verification_status,account_mode,is_on_biz_app';
const businessDetails = 'marketing_messages_onboarding_status,disable_marketing_messages_on_cloud_api';

/** The object that the webhooks of the Cloud API are about. */
const webhookObject = 'whatsapp_business_account';

/** Meta's own figures of what it bills, by day in UTC, number and category. */
const billedFields = (from: string, until: string) => {
  const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1_000;
  const dimensions = '["PRICING_CATEGORY","PRICING_TYPE","COUNTRY","PHONE"]';
  return `pricing_analytics.start(${seconds(from)}).end(${seconds(until) + 86_400}).granularity(DAILY).dimensions(${dimensions}).metric_types(["COST","VOLUME"])`;
};

function billedIn(answer: Json): BilledVolume[] {
  const points = asList(asRecord(answer.pricing_analytics)?.data).flatMap(each => asList(asRecord(each)?.data_points));
  return points.flatMap(each => {
    const point = asRecord(each);
    if (typeof point?.start !== 'number' || typeof point.volume !== 'number') return [];
    return {
      day: new Date(point.start * 1_000).toISOString().slice(0, 10),
      phone: asString(point.phone_number ?? point.phone)?.replace(/\D/g, ''),
      volume: point.volume,
      // JSON has no exact decimals: beyond the sixth place there is only the error of the number.
      cost: typeof point.cost === 'number' ? point.cost.toFixed(6) : undefined,
    };
  });
}

/** The most pages of a list that are read. */
const mostPages = 50;

type Json = Record<string, unknown>;
type Query = Record<string, string>;

/** Opens the calls. */
export function metaBusiness(settings: BusinessSettings): BusinessApi {
  async function ask(
    method: 'GET' | 'POST',
    path: string,
    by: AccessKey | AppKey,
    { query = {}, body }: { query?: Query; body?: Json } = {},
    heard: (answer: Answer) => void = () => {},
  ): Promise<BusinessAnswer<Json>> {
    const ends = deadline(settings.deadlineMs);
    const base = new URL(settings.baseUrl());
    const { token, proof } = tokenOf(by);
    try {
      const response = await settings.agent.request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/$/, '')}/${path}`,
        method,
        query: { ...query, ...(proof !== undefined && { appsecret_proof: proof }) },
        headers: {
          authorization: `Bearer ${token}`,
          'user-agent': settings.userAgent,
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body ? JSON.stringify(body) : null,
        signal: ends.signal,
      });
      const answer = await readAnswer(response);
      heard(answer);
      if (succeeded(answer) && answer.body) return { ok: true, value: answer.body };
      return rejection(answer, [token, proof, by.appSecret, query.input_token, asString(body?.verify_token)]);
    } catch (error) {
      const { code, title } = failureOf(ends.signal.aborted ? ends.signal.reason : error);
      return { ok: false, kind: 'unreachable', code, title };
    } finally {
      ends.clear();
    }
  }

  /** All items of a list. */
  async function list(path: string, key: AccessKey, query: Query): Promise<BusinessAnswer<Json[]>> {
    const items: Json[] = [];
    let after: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const answer = await ask('GET', path, key, {
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

  /** Meta refuses a call for one field that this version or number does not have; the others then come without it. */
  async function describe(id: string, key: AccessKey, fields: string, more: string): Promise<BusinessAnswer<Json>> {
    const answer = await ask('GET', id, key, { query: { fields: `${fields},${more}` } });
    return lacksField(answer) ? ask('GET', id, key, { query: { fields } }) : answer;
  }

  const done = (answer: BusinessAnswer<Json>): BusinessAnswer<null> => (answer.ok ? { ok: true, value: null } : answer);
  const at = (id: string, path = '') => `${encodeURIComponent(id)}${path}`;

  return {
    async describeToken(accessToken, by) {
      const answer = await ask('GET', 'debug_token', by, { query: { input_token: accessToken } });
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
          businessIds: businessesIn(data),
        },
      };
    },
    async describeNumber(key, numberId) {
      const answer = await describe(at(numberId), key, numberFields, numberDetails);
      return answer.ok ? { ok: true, value: numberIn(answer.value) } : answer;
    },
    async describeBusiness(key, businessId) {
      const answer = await describe(at(businessId), key, 'id,name', businessDetails);
      if (!answer.ok) return answer;
      const { name, marketing_messages_onboarding_status, disable_marketing_messages_on_cloud_api } = answer.value;
      return {
        ok: true,
        value: {
          name: word(name),
          marketingOnboarding: word(marketing_messages_onboarding_status),
          isMarketingDisabled: flag(disable_marketing_messages_on_cloud_api),
        },
      };
    },
    async listBilled(key, businessId, from, until) {
      const answer = await ask('GET', at(businessId), key, { query: { fields: billedFields(from, until) } });
      return answer.ok ? { ok: true, value: billedIn(answer.value) } : answer;
    },
    async listNumbers(key, businessId) {
      const path = at(businessId, '/phone_numbers');
      const whole = await list(path, key, { fields: `${numberFields},is_on_biz_app` });
      const answer = lacksField(whole) ? await list(path, key, { fields: numberFields }) : whole;
      if (!answer.ok) return answer;
      const value = answer.value.flatMap(item => {
        const id = asString(item.id);
        return id === undefined ? [] : [{ id, ...numberIn(item) }];
      });
      return { ok: true, value };
    },
    webhookFields,
    async findAppCallback(app) {
      const answer = await ask('GET', at(app.appId, '/subscriptions'), app);
      if (!answer.ok) return answer;
      const own = asList(answer.value.data)
        .map(asRecord)
        .find(each => each?.object === webhookObject);
      const url = asString(own?.callback_url);
      if (own === undefined || url === undefined) return { ok: true, value: undefined };
      // Meta names a field with the version that its webhooks have.
      const fields = asList(own.fields).flatMap(field => asString(asRecord(field)?.name) ?? asString(field) ?? []);
      return { ok: true, value: { url, fields, isActive: own.active !== false } };
    },
    setAppCallback: (app, { url, verifyToken, earlier }) =>
      negotiateFields(earlier, async fields => {
        const body = { object: webhookObject, callback_url: url, verify_token: verifyToken, fields: fields.join(',') };
        let text = '';
        const answer = await ask('POST', at(app.appId, '/subscriptions'), app, { body }, ({ body: said }) => {
          text = wordsIn(said);
        });
        return answer.ok ? 'taken' : { failure: answer, text };
      }),
    async subscribe(key, businessId, override) {
      const path = at(businessId, '/subscribed_apps');
      if (!override) return done(await ask('POST', path, key));
      const body = { override_callback_uri: override.url, verify_token: override.verifyToken };
      return done(await ask('POST', path, key, { body }));
    },
    async listSubscriptions(key, businessId) {
      const answer = await list(at(businessId, '/subscribed_apps'), key, {});
      if (!answer.ok) return answer;
      return {
        ok: true,
        value: answer.value.flatMap(item => {
          const appId = asString(asRecord(item.whatsapp_business_api_data)?.id);
          return appId === undefined ? [] : [{ appId, override: asString(item.override_callback_uri) }];
        }),
      };
    },
    async register(key, numberId, pin) {
      const body = { messaging_product: 'whatsapp', pin };
      return done(await ask('POST', at(numberId, '/register'), key, { body }));
    },
  };
}

const temporary: ReadonlySet<string> = new Set<Outcome['class']>(['unknown', 'unavailable', 'throttled', 'not_sent']);

/** The subcode of an object that does not exist, or that the token may not read. */
const missingObject = 33;

/** Whether Meta refuses a call for one of its fields, as far as it says. */
const lacksField = (answer: BusinessAnswer<unknown>): boolean =>
  !answer.ok && answer.kind === 'rejected' && answer.code === '100' && answer.subcode !== missingObject;

/** The token of a call, and its proof; an app's own token has the secret in it. */
const tokenOf = (by: AccessKey | AppKey): { token: string; proof: string | undefined } =>
  'accessToken' in by
    ? { token: by.accessToken, proof: proofOf(by) }
    : { token: `${by.appId}|${by.appSecret}`, proof: undefined };

/** The whole text of an error. */
const wordsIn = (body: Json | undefined): string => {
  const error = asRecord(body?.error);
  return [error?.message, asRecord(error?.error_data)?.details, error?.error_user_msg]
    .flatMap(each => asString(each) ?? [])
    .join(' ');
};

/** The business accounts that a token may use, by its permissions. */
const businessesIn = (data: Json | undefined): string[] => {
  const ids = asList(data?.granular_scopes).flatMap(granted => {
    const { scope, target_ids: targets } = asRecord(granted) ?? {};
    return String(scope).startsWith('whatsapp_business_') ? asList(targets) : [];
  });
  return [...new Set(ids.flatMap(id => asString(id) ?? []))].filter(id => /^\d{1,40}$/.test(id));
};

/** A Graph error is Meta's own answer. Its temporary errors say nothing about the credentials. */
function rejection(answer: Answer, secrets: (string | undefined)[]): BusinessFailure {
  const { class: kind, code, title: words } = refusalOf(answer);
  const error = graphErrorIn(answer);
  // Meta repeats a token that it cannot read.
  const title = secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), words);
  const isOwn = error !== undefined && !temporary.has(kind);
  return { ok: false, kind: isOwn ? 'rejected' : 'unreachable', code, subcode: error?.subcode, answered: true, title };
}

const word = (text: unknown) => asString(text)?.slice(0, 200);
const flag = (value: unknown) => (typeof value === 'boolean' ? value : undefined);

function numberIn(value: Json): NumberInfo {
  const digits = asString(value.display_phone_number)?.replaceAll(/\D/g, '');
  const platform = word(value.platform_type);
  return {
    phone: digits !== undefined && /^\d{5,15}$/.test(digits) ? `+${digits}` : undefined,
    verifiedName: word(value.verified_name),
    nameStatus: word(value.name_status),
    quality: word(value.quality_rating),
    throughput: word(asRecord(value.throughput)?.level),
    messagingLimit: word(value.whatsapp_business_manager_messaging_limit),
    status: word(value.status),
    codeVerification: word(value.code_verification_status),
    mode: word(value.account_mode),
    platform,
    isOnBusinessApp: flag(value.is_on_biz_app),
    health: healthIn(value.health_status),
    isRegistered: platform === undefined ? undefined : platform !== 'NOT_APPLICABLE',
  };
}

/** The most reasons that are kept of one number. */
const mostReasons = 20;

function healthIn(value: unknown): NumberHealth | undefined {
  const health = asRecord(value);
  const canSend = word(health?.can_send_message);
  if (canSend === undefined) return undefined;
  const reasons = asList(health?.entities).flatMap(each => {
    const { entity_type: type, errors, additional_info: remarks } = asRecord(each) ?? {};
    const entity = word(type) ?? 'UNKNOWN';
    return [
      ...asList(errors).map(error => {
        const { error_code: code, error_description: said, possible_solution: remedy } = asRecord(error) ?? {};
        return {
          entity,
          code: word(code),
          message: sentence(said) ?? 'Meta gives no reason.',
          remedy: sentence(remedy),
        };
      }),
      ...asList(remarks).flatMap(remark => {
        const message = sentence(remark);
        return message === undefined ? [] : [{ entity, code: undefined, message, remedy: undefined }];
      }),
    ];
  });
  return { canSend, reasons: reasons.slice(0, mostReasons) };
}

const sentence = (text: unknown) => asString(text)?.slice(0, 500).toWellFormed();
