// The checks of a real account's credentials, each with where to look in Meta's screens.
import type { AccountCheck } from '@recado/contract';
import type { BusinessApi, BusinessFailure, NumberInfo, TokenInfo } from '../../ports/business.ts';

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
  token: TokenInfo | undefined;
  /** Why the checks say nothing: the channel could not be asked. */
  unreachable: BusinessFailure | undefined;
}

const scopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];
const systemUsers = 'Business settings > Users > System users';
const appSettings = 'App settings > Basic';
/** The code of a token that is none, has expired or was revoked. */
const badToken = '190';

/** The sentence of the channel about a failure. */
export const meta = ({ code, title }: BusinessFailure): string => `Meta says (${code}): ${title.replace(/\.$/, '')}.`;

/** The checks that have been made, and how others are added. */
function checksOf(appId: string | undefined) {
  const result: Checked = { checks: [], appId, number: undefined, token: undefined, unreachable: undefined };
  const pass = (name: AccountCheck['name'], message: string) =>
    void result.checks.push({ name, ok: true, field: null, message });
  const fail = (name: AccountCheck['name'], field: string, message: string) =>
    void result.checks.push({ name, ok: false, field, message });
  const failed = (failure: BusinessFailure, name: AccountCheck['name'], field: string, advice: string): Checked => {
    if (failure.kind === 'unreachable') result.unreachable = failure;
    else fail(name, field, `${meta(failure)} ${advice}`);
    return result;
  };
  return { result, pass, fail, failed };
}

export interface CheckedToken extends Checked {
  /** The business accounts that Meta names for the token. */
  businessIds: readonly string[];
  /** Whether the token may be asked further. */
  mayRead: boolean;
}

/** Asks the channel about a token and its app. */
export async function checkToken(
  api: BusinessApi,
  given: Pick<Credentials, 'accessToken' | 'appSecret' | 'appId' | 'namesApp'>,
): Promise<CheckedToken> {
  const { result, pass, fail, failed } = checksOf(given.appId);
  const ended = (checked: Checked): CheckedToken => ({ ...checked, businessIds: [], mayRead: false });
  const { token, isSecretRight, refusal } = await describeToken(api, given);
  const newToken = `Make a permanent token in ${systemUsers} > Generate new token.`;
  if (!token.ok) {
    if (token.kind === 'unreachable' || token.code === badToken)
      return ended(failed(token, 'token', 'access_token', newToken));
    // Meta lets a token describe itself only if it is of a system user. Others are described by their app.
    return ended(
      refusal
        ? failed(refusal, 'app', 'app_secret', `Copy the App secret of the app ${given.appId} from ${appSettings}.`)
        : failed(
            token,
            'token',
            'app_id',
            `Give the App ID from ${appSettings}: the app itself then describes the token.`,
          ),
    );
  }
  if (!token.value.isValid) {
    fail('token', 'access_token', `Meta says that the token is not valid. ${newToken}`);
    return ended(result);
  }
  const { appId, expiresAt } = token.value;
  result.appId = appId ?? given.appId;
  result.token = token.value;
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
  else if (isSecretRight) pass('app', `The secret is the one of the app ${result.appId}.`);
  else {
    const app = await api.describeToken(given.accessToken, `${result.appId}|${given.appSecret}`);
    const advice = `Copy the App secret of the app ${result.appId} from ${appSettings} > App secret > Show.`;
    if (!app.ok) failed(app, 'app', 'app_secret', advice);
    else pass('app', `The secret is the one of the app ${result.appId}.`);
  }
  const mayRead = missing.length === 0 && result.unreachable === undefined;
  return { ...result, businessIds: token.value.businessIds, mayRead };
}

/**
 * Asks the channel about the credentials. Changes nothing there.
 * A failed check ends those that depend on it.
 */
export async function checkCredentials(api: BusinessApi, given: Credentials): Promise<Checked> {
  const token = await checkToken(api, given);
  const { result, pass, fail, failed } = checksOf(token.appId);
  result.checks.push(...token.checks);
  result.unreachable = token.unreachable;
  result.token = token.token;
  if (!token.mayRead) return result;

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
  if (numbers.value.some(({ id }) => id === given.numberId))
    pass('business_account', `The number belongs to the business account ${given.businessId}.`);
  else
    fail(
      'business_account',
      'phone_number_id',
      `The number does not belong to the business account ${given.businessId}. Copy both ids from WhatsApp > API setup, with the number selected in From.`,
    );
  return result;
}

/**
 * Describes the token, first by the app where its id is known, and then by itself. `refusal`: why Meta did not let the
 * app describe it.
 */
async function describeToken(
  api: BusinessApi,
  { appId, appSecret, accessToken }: Pick<Credentials, 'appId' | 'appSecret' | 'accessToken'>,
) {
  if (appId === undefined)
    return { token: await api.describeToken(accessToken, accessToken), isSecretRight: false, refusal: undefined };
  const byApp = await api.describeToken(accessToken, `${appId}|${appSecret}`);
  if (byApp.ok || byApp.kind === 'unreachable') return { token: byApp, isSecretRight: byApp.ok, refusal: undefined };
  return { token: await api.describeToken(accessToken, accessToken), isSecretRight: false, refusal: byApp };
}

/** The sentences for a registration that Meta rejected. */
export const registrationAdvice = (failure: BusinessFailure): string => {
  const advice =
    registrationRemedies[failure.code] ??
    'Give the PIN of WhatsApp Manager > Phone numbers > Settings > Two-step verification, or change it there. Meta allows ten registrations in 72 hours.';
  return `Registering the number failed. ${meta(failure)} ${advice}`;
};

const registrationRemedies: Record<string, string> = {
  133006:
    'The number was never verified: enter the code of WhatsApp Manager > Phone numbers > Verify, then repeat this.',
  133016: 'Meta allows ten registrations in 72 hours: wait that long. A registered number needs no pin.',
};

/** The checks of what the channel says about a number, as far as it says it. */
export function checkNumberState({ isRegistered, health, status }: NumberInfo): AccountCheck[] {
  const checks: AccountCheck[] = [];
  if (isRegistered !== undefined)
    checks.push({
      name: 'registration',
      ok: isRegistered,
      field: isRegistered ? null : 'pin',
      message: isRegistered
        ? 'The number is registered for the API.'
        : 'The number is not registered for the API. Save the credentials again, with the PIN of its two-step verification.',
    });
  if (health === undefined && status === undefined) return checks;
  const reasons = health?.reasons.map(({ message, remedy }) => [message, remedy].filter(Boolean).join(' ')) ?? [];
  const words = [
    status && `The state of the number is ${status}.`,
    health && `Meta says of sending: ${health.canSend}.`,
    ...reasons,
  ];
  const ok = health?.canSend !== 'BLOCKED' && status !== 'BANNED';
  checks.push({ name: 'health', ok, field: null, message: words.filter(Boolean).join(' ') });
  return checks;
}
