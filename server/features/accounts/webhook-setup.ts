// Sets up at Meta where the webhooks of a number go, and reads whether they all come.
import type { AccountCheck, AccountWebhooks } from '@recado/contract';
import type { AppCallback, AppKey, BusinessApi, BusinessFailure } from '../../ports/business.ts';
import { meta } from './cloud-checks.ts';

/** The app and the business account that webhooks are set up for. */
export interface WebhookPlace {
  app: AppKey;
  businessId: string;
  accessToken: string;
  /** The URL of this server for the app; undefined if Meta cannot reach it. */
  callback: string | undefined;
}

/** A step at Meta that failed. */
export interface FailedStep {
  failure: BusinessFailure;
  /** The field of the request to correct. */
  field: string;
  /** The step, as the start of a sentence. */
  step: string;
  remedy: string;
}

const wrong = (failure: BusinessFailure, field: string, step: string, remedy: string): FailedStep => ({
  failure,
  field,
  step,
  remedy,
});

const configuration = 'WhatsApp > Configuration';
const appSettings = 'App settings > Basic';
const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));

/** The sentences about a failed step. */
export const stepWords = ({ failure, step, remedy }: FailedStep): string =>
  `${step} failed. ${meta(failure)} ${remedy}`;

/**
 * Sets the callback of the app unless somebody else has it, subscribes the app to the business account, and redirects
 * the webhooks of the business account where the app's callback is somebody else's. Meta refuses another order.
 */
export async function setUpWebhooks(
  api: BusinessApi,
  place: WebhookPlace,
  { verifyToken, isOurs }: { verifyToken: string; isOurs: (url: string) => Promise<boolean> },
): Promise<FailedStep | undefined> {
  const { app, accessToken, businessId, callback } = place;
  const found = await api.findAppCallback(app);
  if (!found.ok)
    return wrong(found, 'app_secret', `Reading the callback of the app ${app.appId}`, `Check ${appSettings}.`);
  const foreign = found.value && callback !== undefined && !(await isOurs(found.value.url)) ? found.value : undefined;
  const reach = `Meta must reach ${callback} over https with a valid certificate: check PUBLIC_URL, the proxy and the firewall.`;

  if (callback !== undefined && !foreign) {
    const set = await setCallback(api, app, { url: callback, verifyToken }, found.value?.fields ?? []);
    if (!set.ok) return wrong(set, 'verify_token', `Setting the callback of the app ${app.appId}`, reach);
  }
  const subscribed = await api.subscribe(accessToken, businessId, undefined);
  if (!subscribed.ok)
    return wrong(
      subscribed,
      'access_token',
      `Subscribing the app ${app.appId} to the business account ${businessId}`,
      'Give the system user full control of the WhatsApp account in Business settings > Users > System users > Assign assets.',
    );
  if (!foreign || callback === undefined) return undefined;
  const redirected = await api.subscribe(accessToken, businessId, { url: callback, verifyToken });
  if (redirected.ok) return undefined;
  const theirs = `The callback of the app is ${foreign.url}, with the fields ${list(foreign.fields)}. Recado does not change it.`;
  const choose = foreign.fields.includes('messages')
    ? reach
    : `Choose the field messages in ${configuration} > Webhook fields, or give an app of your own.`;
  return wrong(
    redirected,
    'verify_token',
    `Redirecting the webhooks of the business account ${businessId}`,
    `${theirs} ${choose}`,
  );
}

/** The code of a callback that did not answer the challenge. */
const callbackFailed = '2200';

/** Sets the callback with all fields. Where Meta refuses one, it refuses all: then with fewer, down to what is needed. */
async function setCallback(
  api: BusinessApi,
  app: AppKey,
  callback: { url: string; verifyToken: string },
  earlier: readonly string[],
) {
  const { needed, optional, uncertain } = api.webhookFields;
  const set = (...lists: (readonly string[])[]) =>
    api.setAppCallback(app, { ...callback, fields: [...new Set([needed, earlier, ...lists].flat())] });
  let answer = await set(optional, uncertain);
  for (const fewer of [[optional], []]) {
    if (answer.ok || answer.kind === 'unreachable' || answer.code === callbackFailed) return answer;
    answer = await set(...fewer);
  }
  return answer;
}

/** The webhooks that come to this server, or why Meta could not be asked. */
export async function readWebhooks(api: BusinessApi, place: WebhookPlace): Promise<AccountWebhooks | BusinessFailure> {
  const { app, accessToken, businessId, callback } = place;
  const { needed, optional, overridable } = api.webhookFields;
  const found = await api.findAppCallback(app);
  if (!found.ok && found.kind === 'unreachable') return found;
  const apps = await api.listSubscriptions(accessToken, businessId);
  if (!apps.ok && apps.kind === 'unreachable') return apps;
  const state = (url: string | null, missing: readonly string[], message: string): AccountWebhooks => ({
    ok: false,
    callback_url: url,
    missing_fields: [...missing],
    message,
  });
  if (!found.ok) return state(null, [], `${meta(found)} Save the app secret again.`);
  const atApp = found.value;
  if (!apps.ok) return state(atApp?.url ?? null, [], meta(apps));
  const own = apps.value.find(({ appId }) => appId === app.appId);
  const again = 'Save the credentials again: that sets it up.';
  if (!own)
    return state(
      atApp?.url ?? null,
      needed,
      `The app ${app.appId} is not subscribed to the business account, so no webhook comes. ${again}`,
    );
  const url = own.override ?? atApp?.url ?? null;
  if (!atApp)
    return state(
      url,
      needed,
      callback === undefined
        ? `The app ${app.appId} has no callback, so no webhook comes. Set webhook_url of the account as the callback in ${configuration}.`
        : `The app ${app.appId} has no callback, so no webhook comes. ${again}`,
    );
  if (!atApp.isActive)
    return state(url, needed, `Meta has switched off the callback of the app, ${atApp.url}. ${again}`);
  const isHere = (target: string | undefined) => callback === undefined || target === callback;
  const comes = (field: string) =>
    atApp.fields.includes(field) &&
    (own.override !== undefined && overridable.has(field) ? isHere(own.override) : isHere(atApp.url));
  const missing = needed.filter(field => !comes(field));
  const extra = optional.filter(field => !comes(field));
  const message = sentences(place, atApp, own.override, missing, extra);
  return { ok: missing.length === 0, callback_url: url, missing_fields: missing, message };
}

function sentences(
  { callback }: WebhookPlace,
  atApp: AppCallback,
  override: string | undefined,
  missing: readonly string[],
  extra: readonly string[],
): string {
  const isForeign = callback !== undefined && atApp.url !== callback;
  const lost = `These fields do not come: ${list(missing)}.`;
  if (missing.length > 0 && isForeign)
    return [
      `The callback of the app is ${atApp.url}, with the fields ${list(atApp.fields)}, instead of ${callback}.`,
      override === undefined ? '' : `The business account sends its messages to ${override}.`,
      `${lost} Use an app of your own, or delete that callback in ${configuration} and save the credentials again.`,
    ]
      .filter(Boolean)
      .join(' ');
  if (missing.length > 0)
    return `${lost} Choose them in ${configuration} > Webhook fields, or save the credentials again.`;
  const where =
    callback === undefined ? `Webhooks go to the callback of the app, ${atApp.url}.` : `Webhooks go to ${callback}.`;
  return extra.length === 0
    ? where
    : `${where} Meta does not send: ${list(extra)}. Nothing that Recado needs is missing.`;
}

/** The state of the webhooks as a check. */
export const webhookCheck = ({ ok, message }: AccountWebhooks): AccountCheck => ({
  name: 'webhooks',
  ok,
  field: null,
  message,
});
