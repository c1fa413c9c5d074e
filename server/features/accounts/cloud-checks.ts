// The checks of a real account's credentials, each with where to look in Meta's screens.
import type { AccountCheck } from '@recado/contract';
import type { AccessKey, BusinessApi, BusinessFailure, NumberInfo, TokenInfo } from '../../ports/business.ts';

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

/** Whether a refusal is about the proof of the app secret. */
const isOfProof = ({ title }: BusinessFailure): boolean => /appsecret_proof/i.test(title);

/** Where the secret of an app is. */
const secretAdvice = (appId: string | undefined) =>
  `Copy the App secret of the app${appId === undefined ? '' : ` ${appId}`} from ${appSettings} > App secret > Show.`;

/** The checks that have been made, and how others are added. */
function checksOf(appId: string | undefined) {
  const result: Checked = { checks: [], appId, number: undefined, token: undefined, unreachable: undefined };
  const pass = (name: AccountCheck['name'], message: string) =>
    void result.checks.push({ name, ok: true, field: null, message });
  const fail = (name: AccountCheck['name'], field: string, message: string) =>
    void result.checks.push({ name, ok: false, field, message });
  const failed = (failure: BusinessFailure, name: AccountCheck['name'], field: string, advice: string): Checked => {
    if (failure.kind === 'unreachable') result.unreachable = failure;
    else if (isOfProof(failure)) fail('app', 'app_secret', `${meta(failure)} ${secretAdvice(result.appId)}`);
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
        ? failed(refusal, 'app', 'app_secret', secretAdvice(given.appId))
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
    const app = await api.describeToken(given.accessToken, { appId: result.appId, appSecret: given.appSecret });
    if (!app.ok) failed(app, 'app', 'app_secret', secretAdvice(result.appId));
    else pass('app', `The secret is the one of the app ${result.appId}.`);
  }
  const mayRead = result.checks.every(({ ok }) => ok) && result.unreachable === undefined;
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

  const number = await api.describeNumber(given, given.numberId);
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

  const numbers = await api.listNumbers(given, given.businessId);
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
  const key = { accessToken, appSecret };
  if (appId === undefined) return { token: await describeItself(api, key), isSecretRight: false, refusal: undefined };
  const byApp = await api.describeToken(accessToken, { appId, appSecret });
  if (byApp.ok || byApp.kind === 'unreachable') return { token: byApp, isSecretRight: byApp.ok, refusal: undefined };
  return { token: await describeItself(api, key), isSecretRight: false, refusal: byApp };
}

/** Asked without a proof too: where the secret is of another app, Meta then says of which app the token is. */
async function describeItself(api: BusinessApi, key: AccessKey) {
  const answer = await api.describeToken(key.accessToken, key);
  if (answer.ok || !isOfProof(answer)) return answer;
  const bare = await api.describeToken(key.accessToken, { ...key, appSecret: undefined });
  return bare.ok || bare.kind === 'unreachable' ? bare : answer;
}

/** The sentences for a registration that Meta rejected. */
export const registrationAdvice = (failure: BusinessFailure): string => {
  const known = /already (?:been )?registered/i.test(failure.title) ? registeredElsewhere : undefined;
  const advice =
    registrationRemedies[failure.code] ??
    known ??
    'Give the PIN of WhatsApp Manager > Phone numbers > Settings > Two-step verification, or change it there. Meta allows ten registrations in 72 hours.';
  return `Registering the number failed. ${meta(failure)} ${advice}`;
};

const registrationRemedies: Record<string, string> = {
  133006:
    'The number was never verified: enter the code of WhatsApp Manager > Phone numbers > Verify, then repeat this.',
  133008: 'Meta takes no PIN for now, because too many were wrong. Wait as long as Meta says, then give the right one.',
  133009: 'Meta takes no PIN so soon after another. Wait a minute, then repeat this.',
  133015: 'The number was deleted a moment ago. Wait five minutes, then repeat this.',
  133016: 'Meta allows ten registrations in 72 hours: wait that long. A registered number needs no pin.',
};

/** The remedy for a number that another app or provider has, for which Meta has no code of its own. */
const registeredElsewhere =
  'Delete the account in the app of the phone, or move the number from its other provider: switch off its two-step verification there first. Then repeat this.';

const inBusinessApp =
  'The number is in use in the WhatsApp Business app, and registered. Recado never registers such a number anew, and needs no PIN.';
const onlyInBusinessApp =
  "The number is in use in the WhatsApp Business app, and not connected to the API. Connect it in Meta's signup for numbers of that app, or delete its account in the app.";

/** Whether a number is registered for the API; none if Meta does not say. */
export function checkRegistration({ isRegistered, isOnBusinessApp }: NumberInfo): AccountCheck[] {
  if (isOnBusinessApp && isRegistered === false)
    return [{ name: 'registration', ok: false, field: 'phone_number_id', message: onlyInBusinessApp }];
  if (isOnBusinessApp) return [{ name: 'registration', ok: true, field: null, message: inBusinessApp }];
  if (isRegistered === undefined) return [];
  const message = isRegistered
    ? 'The number is registered for the API.'
    : 'The number is not registered for the API. Give the PIN of its two-step verification, or a new one of six digits.';
  return [{ name: 'registration', ok: isRegistered, field: isRegistered ? null : 'pin', message }];
}

/** Meta's sentences about a number that can send nothing: null if it can, undefined if Meta does not say. */
export function numberTrouble({ health, status }: NumberInfo): string | null | undefined {
  if (health === undefined && status === undefined) return undefined;
  if (health?.canSend !== 'BLOCKED' && status !== 'BANNED') return null;
  const reasons = health?.reasons ?? [];
  if (reasons.length === 0)
    return status === 'BANNED'
      ? 'Meta has banned the number.'
      : 'Meta lets the number send nothing, and says no reason.';
  return reasons
    .map(({ code, message, remedy }) => [code && `Meta says (${code}):`, message, remedy].filter(Boolean).join(' '))
    .join(' ')
    .slice(0, 1_000);
}

/** The checks of what the channel says about a number, as far as it says it. */
export function checkNumberState(number: NumberInfo): AccountCheck[] {
  const { health, status } = number;
  const checks = checkRegistration(number);
  if (health === undefined && status === undefined) return checks;
  const reasons = health?.reasons.map(({ message, remedy }) => [message, remedy].filter(Boolean).join(' ')) ?? [];
  const words = [
    status && `The state of the number is ${status}.`,
    health && `Meta says of sending: ${health.canSend}.`,
    ...reasons,
  ];
  const ok = numberTrouble(number) === null;
  checks.push({ name: 'health', ok, field: null, message: words.filter(Boolean).join(' ') });
  return checks;
}
