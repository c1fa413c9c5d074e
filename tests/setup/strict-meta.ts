// A small Graph API as strict as Meta about connecting, written from Meta's documents and not from Recado's code.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Fields that a callback of a business account takes over; all others go to the callback of the app. */
export const overridableFields = [
  'messages',
  'message_echoes',
  'calls',
  'consumer_profile',
  'messaging_handovers',
  'standby',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'account_settings_update',
];

/** Fields that only the callback of the app gets. */
export const appFields = [
  'account_alerts',
  'account_review_update',
  'account_update',
  'business_capability_update',
  'flows',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
  'user_preferences',
];

/** The text by which Meta refuses the field of this place, as its edge for pages words it. */
const fieldRefusal = (index: number, known: readonly string[]) =>
  `Param fields[${index}] must be one of {${known.join(', ')}}`;

const numberFields = [
  'id',
  'display_phone_number',
  'verified_name',
  'quality_rating',
  'name_status',
  'throughput',
  'platform_type',
  'whatsapp_business_manager_messaging_limit',
  'status',
  'health_status',
  'code_verification_status',
  'account_mode',
  'is_on_biz_app',
];
const businessFields = [
  'id',
  'name',
  'marketing_messages_onboarding_status',
  'disable_marketing_messages_on_cloud_api',
];

export interface StrictCall {
  method: string;
  /** Without the version and the query. */
  path: string;
  token: string;
  query: URLSearchParams;
  body: Record<string, unknown> | undefined;
}

interface GraphError {
  code: number;
  message: string;
  http?: number;
}

type Fields = Record<string, unknown>;

/** The things of one business: an app, a token of a system user, a business account and a number. */
export interface StrictWorld {
  appId: string;
  appSecret: string;
  token: string;
  businessId: string;
  numberId: string;
  /** Whether each call of the app's tokens needs a proof: the switch Require App Secret. */
  requiresProof: boolean;
  /** Whether a token may describe itself; Meta promises it for none. */
  describesItself: boolean;
  callback: { url: string; fields: string[]; active?: boolean } | undefined;
  /** The subscription of the app to the business account. */
  subscribed: { override: string | undefined } | undefined;
  number: Fields;
  business: Fields;
  templates: Fields[];
}

const fail = (code: number, message: string, http = 400): never => {
  throw { code, message: `(#${code}) ${message}`, http } satisfies GraphError;
};

const isGraphError = (error: unknown): error is GraphError =>
  typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'http' in error;

const readAll = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** Starts it for one business. `reach` gives the address on this machine of an https address. */
export async function startStrictMeta(reach: (url: string) => string) {
  const world: StrictWorld = {
    appId: '410000000000001',
    appSecret: 'strict-app-secret',
    token: `EAA${'s'.repeat(40)}`,
    businessId: '420000000000001',
    numberId: '430000000000001',
    requiresProof: false,
    describesItself: true,
    callback: undefined,
    subscribed: undefined,
    number: {
      id: '430000000000001',
      display_phone_number: '+351 22 000 0166',
      verified_name: 'Farol Porto',
      quality_rating: 'GREEN',
      name_status: 'APPROVED',
      throughput: { level: 'STANDARD' },
      platform_type: 'CLOUD_API',
      whatsapp_business_manager_messaging_limit: 'TIER_250',
      status: 'CONNECTED',
      health_status: { can_send_message: 'AVAILABLE', entities: [] },
      code_verification_status: 'VERIFIED',
      account_mode: 'LIVE',
      is_on_biz_app: false,
    },
    business: {
      id: '420000000000001',
      name: 'Farol',
      marketing_messages_onboarding_status: 'ONBOARDED',
      disable_marketing_messages_on_cloud_api: false,
    },
    templates: [],
  };
  const calls: StrictCall[] = [];
  let refusal: ((call: StrictCall) => GraphError | undefined) | undefined;
  const appToken = () => `${world.appId}|${world.appSecret}`;

  const verify = async (url: string, verifyToken: string) => {
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' || hostname === 'localhost' || /^[\d.]+$/.test(hostname))
      fail(100, 'callback_url: has to be a public https address');
    const asked = new URL(reach(url));
    asked.searchParams.set('hub.mode', 'subscribe');
    asked.searchParams.set('hub.challenge', '1158201444');
    asked.searchParams.set('hub.verify_token', verifyToken);
    const answer = await fetch(asked, { redirect: 'manual' });
    if (answer.status !== 200 || (await answer.text()) !== '1158201444')
      fail(2200, `Callback verification failed with the following errors: HTTP Status Code = ${answer.status}`);
  };
  const pick = (of: Fields, known: string[], wanted: string | null) => {
    const names = wanted === null ? ['id'] : wanted.split(',');
    for (const name of names) if (!known.includes(name)) fail(100, `Tried accessing nonexisting field (${name})`);
    return Object.fromEntries(['id', ...names].map(name => [name, of[name]]));
  };
  const needToken = (call: StrictCall) => {
    if (call.token !== world.token) fail(190, 'Invalid OAuth access token.', 401);
  };
  const needAppToken = (call: StrictCall) => {
    if (call.token !== appToken()) fail(15, 'This method must be called with an app access_token.');
  };

  const checkProof = ({ token, query }: StrictCall) => {
    const proof = query.get('appsecret_proof');
    const isOfApp = token.includes('|');
    if (proof === null && world.requiresProof && !isOfApp)
      fail(100, 'API calls from the server require an appsecret_proof argument');
    if (proof !== null && proof !== createHmac('sha256', world.appSecret).update(token).digest('hex'))
      fail(100, 'Invalid appsecret_proof provided in the API argument');
  };

  const routes: [RegExp, (call: StrictCall) => unknown][] = [
    [
      /^GET \/debug_token$/,
      call => {
        const isApp = call.token === appToken();
        const isItself = call.token === world.token && world.describesItself;
        if (call.token.includes('|') && !isApp) fail(190, 'Invalid OAuth access token signature.');
        if (!isApp && call.token !== world.token) fail(190, 'Invalid OAuth access token.', 401);
        if (!isApp && !isItself)
          fail(100, 'You must provide an app access token, or a token of a developer of the app');
        if (call.query.get('input_token') !== world.token) return { data: { is_valid: false, scopes: [] } };
        const scopes = ['whatsapp_business_management', 'whatsapp_business_messaging'];
        return {
          data: {
            app_id: world.appId,
            type: 'SYSTEM_USER',
            is_valid: true,
            expires_at: 0,
            scopes,
            granular_scopes: scopes.map(scope => ({ scope, target_ids: [world.businessId] })),
          },
        };
      },
    ],
    [
      /^GET \/app\/subscriptions$/,
      call => {
        needAppToken(call);
        if (!world.callback) return { data: [] };
        const fields = world.callback.fields.map(name => ({ name, version: 'v25.0' }));
        const { url: callback_url, active = true } = world.callback;
        return { data: [{ object: 'whatsapp_business_account', callback_url, active, fields }] };
      },
    ],
    [
      /^POST \/app\/subscriptions$/,
      async call => {
        needAppToken(call);
        const { object, callback_url: url, verify_token: verifyToken, fields } = call.body ?? {};
        if (object !== 'whatsapp_business_account') fail(100, 'Param object is required');
        if (typeof url !== 'string' || typeof verifyToken !== 'string')
          return fail(100, 'Param callback_url is required');
        const names = String(fields).split(',');
        const known = [...overridableFields, ...appFields];
        for (const [index, name] of names.entries()) if (!known.includes(name)) fail(100, fieldRefusal(index, known));
        await verify(url, verifyToken);
        world.callback = { url, fields: names };
        return { success: true };
      },
    ],
    [
      /^GET \/waba\/subscribed_apps$/,
      call => {
        needToken(call);
        if (!world.subscribed) return { data: [] };
        const { override } = world.subscribed;
        const data = { id: world.appId, name: 'Farol', link: 'https://example.com' };
        return {
          data: [
            { whatsapp_business_api_data: data, ...(override !== undefined && { override_callback_uri: override }) },
          ],
        };
      },
    ],
    [
      /^POST \/waba\/subscribed_apps$/,
      async call => {
        needToken(call);
        if (call.body === undefined) {
          world.subscribed = { override: undefined };
          return { success: true };
        }
        const { override_callback_uri: url, verify_token: verifyToken } = call.body;
        if (!world.subscribed || !world.callback?.fields.includes('messages'))
          fail(
            100,
            'Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account',
          );
        if (typeof url !== 'string') return fail(100, 'Param override_callback_uri is required');
        await verify(url, String(verifyToken));
        world.subscribed = { override: url };
        return { success: true };
      },
    ],
    [
      /^GET \/waba\/phone_numbers$/,
      call => {
        needToken(call);
        return { data: [pick(world.number, numberFields, call.query.get('fields'))] };
      },
    ],
    [
      /^GET \/waba\/message_templates$/,
      call => {
        needToken(call);
        return { data: world.templates };
      },
    ],
    [
      /^GET \/waba$/,
      call => {
        needToken(call);
        return pick(world.business, businessFields, call.query.get('fields'));
      },
    ],
    [
      /^GET \/phone$/,
      call => {
        needToken(call);
        return pick(world.number, numberFields, call.query.get('fields'));
      },
    ],
    [
      /^POST \/phone\/messages$/,
      call => {
        needToken(call);
        const id = `wamid.strict-${calls.length}`;
        return { messaging_product: 'whatsapp', contacts: [{ input: call.body?.to }], messages: [{ id }] };
      },
    ],
    [
      /^POST \/phone\/register$/,
      call => {
        needToken(call);
        if (world.number.code_verification_status !== 'VERIFIED')
          fail(133006, 'Phone number needs to be verified before registering');
        world.number.platform_type = 'CLOUD_API';
        return { success: true };
      },
    ],
  ];

  const named = (path: string) =>
    path
      .replace(/^\/v\d+\.\d/, '')
      .replace(`/${world.appId}`, '/app')
      .replace(`/${world.businessId}`, '/waba')
      .replace(`/${world.numberId}`, '/phone');

  const server = createServer(async (request, response) => {
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const text = await readAll(request);
      const call: StrictCall = {
        method: request.method ?? 'GET',
        path: named(url.pathname),
        token: (request.headers.authorization ?? '').replace(/^Bearer /, ''),
        query: url.searchParams,
        body: text === '' ? undefined : JSON.parse(text),
      };
      calls.push(call);
      checkProof(call);
      const error = refusal?.(call);
      if (error) throw { http: 400, ...error };
      const route = routes.find(([pattern]) => pattern.test(`${call.method} ${call.path}`));
      if (!route) return fail(100, `Unsupported ${call.method} request: ${call.path}`);
      send(200, await route[1](call));
    } catch (error) {
      if (!isGraphError(error)) throw error;
      const { code, message, http = 400 } = error;
      send(http, { error: { code, message, type: 'OAuthException', fbtrace_id: 'AStrict' } });
    }
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    calls,
    /** Refuses the calls that it gives an error for, until it is undefined. */
    refuse(given: typeof refusal) {
      refusal = given;
    },
    /** Posts a change where Meta posts it. Returns whether there is such a place; a change without one is lost. */
    async post(field: string, value: Fields): Promise<boolean> {
      const { callback, subscribed, appSecret, businessId: id } = world;
      if (!subscribed || !callback?.fields.includes(field)) return false;
      const isMoved = subscribed.override !== undefined && overridableFields.includes(field);
      const url = isMoved ? subscribed.override : callback.url;
      const time = Math.floor(Date.now() / 1_000);
      const entry = [{ id, time, changes: [{ field, value }] }];
      const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
      const answer = await fetch(reach(url ?? ''), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
        },
        body,
      });
      if (answer.status !== 200) throw new Error(`${field}: the callback answered ${answer.status}`);
      return true;
    },
    close: () => new Promise<void>(done => server.close(() => done())),
  };
}

export type StrictMeta = Awaited<ReturnType<typeof startStrictMeta>>;
