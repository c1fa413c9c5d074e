// The simulator as if it were Meta: apps, numbers and tokens, and accounts that are connected to them by API.
import { randomBytes } from 'node:crypto';
import { encrypter } from '../../server/kit/crypto/encryption.ts';
import { freePort } from '../faults/processes.ts';
import { type Answer, type Scenario, type ScenarioOptions, startScenario } from './scenario.ts';

/** What a business has at Meta: an app, a business account, and a number in it. */
export interface AtMeta {
  appId: string;
  appSecret: string;
  businessId: string;
  numberId: string;
  phone: string;
  token: string;
}

let made = 0;

/** Calls a control route of the simulator. */
export async function control(scenario: Scenario, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${scenario.simulator.url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Creates a number at Meta, in the app and the business account that are given, or in new ones. */
export async function createAtMeta(
  scenario: Scenario,
  given: Partial<AtMeta> & { scopes?: string[]; registered?: boolean; pin?: string } = {},
): Promise<AtMeta> {
  const n = ++made;
  const { scopes, registered, pin, ...known } = given;
  const owned = {
    appId: `77000${n}`,
    appSecret: `the-app-secret-${n}`,
    businessId: `88000${n}`,
    numberId: `99000${n}`,
    phone: `+1555777${1000 + n}`,
    ...known,
  };
  if (known.appId === undefined)
    await control(scenario, 'POST', '/business/apps', { app_id: owned.appId, app_secret: owned.appSecret });
  await control(scenario, 'POST', '/business/numbers', {
    phone_number_id: owned.numberId,
    display_phone_number: owned.phone,
    business_account_id: owned.businessId,
    ...(registered !== undefined && { registered }),
    ...(pin !== undefined && { pin }),
  });
  const token = known.token ?? (await createToken(scenario, owned, scopes));
  return { ...owned, token };
}

/** Creates a token of an app for a business account. */
export async function createToken(
  scenario: Scenario,
  { appId, businessId }: Pick<AtMeta, 'appId' | 'businessId'>,
  scopes?: string[],
): Promise<string> {
  const body = { app_id: appId, business_account_ids: [businessId], ...(scopes && { scopes }) };
  return (await control(scenario, 'POST', '/business/tokens', body)).access_token;
}

/** The request that connects a number. */
export const connection = (at: AtMeta, more: Record<string, unknown> = {}) => ({
  name: `Number ${at.numberId}`,
  channel: 'cloud',
  phone_number_id: at.numberId,
  business_account_id: at.businessId,
  access_token: at.token,
  app_secret: at.appSecret,
  verify_token: `verify-${at.appId}`,
  ...more,
});

/** Connects a number by API. @throws if it is not accepted */
export async function connect(
  scenario: Scenario,
  at: AtMeta,
  more: Record<string, unknown> = {},
): Promise<Answer['body']> {
  const answer = await scenario.api('POST', '/api/v1/accounts', connection(at, more));
  if (answer.status !== 201) throw new Error(`not connected: ${answer.status} ${answer.text}`);
  return answer.body;
}

/** Makes the secrets of an account unreadable, as if the SECRET_KEY that encrypted them were lost. */
export async function loseKey(scenario: Scenario, at: AtMeta): Promise<void> {
  const { encrypt } = encrypter(randomBytes(32).toString('base64'));
  const lost = encrypt('unreadable', 'nowhere');
  await scenario.sql('update account set access_token = $1 where phone_number_id = $2', [lost, at.numberId]);
  await scenario.sql('update meta_app set app_secret = $1, verify_token = $1 where app_id = $2', [lost, at.appId]);
}

/** A scenario with a public URL, so that Meta gets the callback from us. */
export async function startWithCallback(options: ScenarioOptions = {}): Promise<Scenario> {
  const port = await freePort();
  return startScenario({
    ...options,
    publicUrl: `http://127.0.0.1:${port}`,
    env: { ...options.env, PORT: String(port) },
  });
}
