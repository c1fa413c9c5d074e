// The checks of a real account's credentials, each with where to look in Meta's screens.
import type { AccountCheck } from '@recado/contract';
import type { BusinessApi, BusinessFailure, NumberInfo } from '../../ports/business.ts';

/** Credentials as they are given or stored. */
export interface Credentials {
  numberId: string;
  businessId: string;
  accessToken: string;
  appSecret: string;
  /** Undefined: the app that the token is of. */
  appId: string | undefined;
  /** Whether the request names the app. Otherwise it is the app whose secret is stored. */
  namesApp?: boolean;
}

export interface Checked {
  checks: AccountCheck[];
  appId: string | undefined;
  number: NumberInfo | undefined;
  /** Why the checks say nothing: the channel could not be asked. */
  unreachable: BusinessFailure | undefined;
}

const scopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];
const meta = ({ code, title }: BusinessFailure) => `Meta says (${code}): ${title.replace(/\.$/, '')}.`;
const systemUsers = 'Business settings > Users > System users';

/**
 * Asks the channel about the credentials. Changes nothing there.
 * A failed check ends those that depend on it.
 */
export async function checkCredentials(api: BusinessApi, given: Credentials): Promise<Checked> {
  const result: Checked = { checks: [], appId: given.appId, number: undefined, unreachable: undefined };
  const pass = (name: AccountCheck['name'], message: string) =>
    void result.checks.push({ name, ok: true, field: null, message });
  const fail = (name: AccountCheck['name'], field: string, message: string) =>
    void result.checks.push({ name, ok: false, field, message });
  const failed = (failure: BusinessFailure, name: AccountCheck['name'], field: string, advice: string): Checked => {
    if (failure.kind === 'unreachable') result.unreachable = failure;
    else fail(name, field, `${meta(failure)} ${advice}`);
    return result;
  };

  const token = await api.describeToken(given.accessToken, given.accessToken);
  const newToken = `Make a permanent token in ${systemUsers} > Generate new token.`;
  if (!token.ok) return failed(token, 'token', 'access_token', newToken);
  if (!token.value.isValid) {
    fail('token', 'access_token', `Meta says that the token is not valid. ${newToken}`);
    return result;
  }
  const { appId, expiresAt } = token.value;
  result.appId = appId ?? given.appId;
  pass(
    'token',
    expiresAt ? `The token expires at ${expiresAt.toISOString()}. ${newToken}` : 'The token does not expire.',
  );

  const missing = scopes.filter(scope => !token.value.scopes.includes(scope));
  if (missing.length > 0)
    fail(
      'scopes',
      'access_token',
      `The token lacks ${missing.join(' and ')}. Generate it again in ${systemUsers}, with both permissions.`,
    );
  else pass('scopes', `The token has ${scopes.join(' and ')}.`);

  if (result.appId === undefined)
    fail('app', 'app_id', 'Meta does not say which app the token is of. Give the App ID from App settings > Basic.');
  else if (given.appId !== undefined && appId !== undefined && given.appId !== appId)
    fail(
      'app',
      given.namesApp ? 'app_id' : 'access_token',
      `The token is of the app ${appId}, not of ${given.appId}. Generate it for ${given.appId}, or ${given.namesApp ? 'give the app_id and the app_secret' : 'also give the app_secret'} of ${appId}.`,
    );
  else {
    const app = await api.describeToken(given.accessToken, `${result.appId}|${given.appSecret}`);
    const advice = `Copy the App secret of the app ${result.appId} from App settings > Basic > App secret > Show.`;
    if (!app.ok) failed(app, 'app', 'app_secret', advice);
    else pass('app', `The secret is the one of the app ${result.appId}.`);
  }
  if (missing.length > 0 || result.unreachable) return result;

  const number = await api.describeNumber(given.accessToken, given.numberId);
  const access = `Give the system user the WhatsApp account in ${systemUsers} > Assign assets.`;
  if (!number.ok)
    return failed(
      number,
      'number',
      'phone_number_id',
      `Copy the Phone number ID from WhatsApp > API setup; it is not the phone number. ${access}`,
    );
  result.number = number.value;
  pass('number', `The token can read the number ${number.value.phone ?? given.numberId}.`);

  const numbers = await api.listNumbers(given.accessToken, given.businessId);
  if (!numbers.ok)
    return failed(
      numbers,
      'business_account',
      'business_account_id',
      `Copy the WhatsApp Business Account ID from WhatsApp > API setup. ${access}`,
    );
  if (numbers.value.includes(given.numberId))
    pass('business_account', `The number belongs to the business account ${given.businessId}.`);
  else
    fail(
      'business_account',
      'phone_number_id',
      `The number does not belong to the business account ${given.businessId}. Copy both ids from WhatsApp > API setup, with the number selected in From.`,
    );
  return result;
}

/** The sentence for a subscription that Meta rejected. */
export const subscriptionAdvice = (failure: BusinessFailure, url: string | undefined): string =>
  url === undefined
    ? `${meta(failure)} Give the system user full control of the WhatsApp account in ${systemUsers} > Assign assets.`
    : `${meta(failure)} Meta must reach ${url} over https with a valid certificate: check PUBLIC_URL, the proxy and the firewall.`;

/** The sentence for a registration that Meta rejected. */
export const registrationAdvice = (failure: BusinessFailure): string =>
  `${meta(failure)} Give the PIN of WhatsApp Manager > Phone numbers > Settings > Two-step verification, or change it there. Meta allows ten registrations in 72 hours.`;

/** The check of the subscription of the app to the business account, and of the callback. */
export async function checkSubscription(
  api: BusinessApi,
  { accessToken, businessId }: Pick<Credentials, 'accessToken' | 'businessId'>,
  appId: string | undefined,
  callback: string | undefined,
): Promise<AccountCheck | BusinessFailure> {
  const apps = await api.listSubscriptions(accessToken, businessId);
  if (!apps.ok && apps.kind === 'unreachable') return apps;
  const check = { name: 'webhooks' as const, field: null };
  if (!apps.ok) return { ...check, ok: false, message: subscriptionAdvice(apps, undefined) };
  const own = apps.value.find(app => app.appId === appId);
  if (!own)
    return {
      ...check,
      ok: false,
      message: `The app ${appId} is not subscribed to the business account, so no webhook comes. Save the credentials again: that subscribes it.`,
    };
  if (callback !== undefined && own.override !== callback)
    return {
      ...check,
      ok: false,
      message: `Webhooks go to ${own.override ?? 'the callback URL of the app'} instead of ${callback}. Save the credentials again: that sets the callback.`,
    };
  return {
    ...check,
    ok: true,
    message:
      callback === undefined
        ? 'The app is subscribed. Its callback URL is set in the app.'
        : `Webhooks go to ${callback}.`,
  };
}
