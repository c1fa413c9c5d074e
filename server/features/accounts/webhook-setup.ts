// Sets up at Meta where the webhooks of a number go, and reads whether they all come.
import type { AccountCheck, AccountWebhooks } from '@recado/contract';
import type { AccessKey, AppCallback, AppKey, BusinessApi, BusinessFailure } from '../../ports/business.ts';
import { meta } from './cloud-checks.ts';

/** The app and the business account that webhooks are set up for. */
export interface WebhookPlace {
  app: AppKey;
  businessId: string;
  accessToken: string;
  /** The fields that the channel refused to the app when its callback was last set. */
  refused: readonly string[];
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

const wrong = (failure: BusinessFailure, field: string, step: string, remedy: string): { failed: FailedStep } => ({
  failed: { failure, field, step, remedy },
});

const keyOf = ({ accessToken, app: { appSecret } }: WebhookPlace): AccessKey => ({ accessToken, appSecret });

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
): Promise<{ failed: FailedStep } | { refused: readonly string[] }> {
  const { app, businessId, callback } = place;
  const key = keyOf(place);
  const found = await api.findAppCallback(app);
  if (!found.ok)
    return wrong(found, 'app_secret', `Reading the callback of the app ${app.appId}`, `Check ${appSettings}.`);
  let { refused } = place;
  const foreign = found.value && callback !== undefined && !(await isOurs(found.value.url)) ? found.value : undefined;
  const reach = `Meta must reach ${callback} over https with a valid certificate: check PUBLIC_URL, the proxy and the firewall.`;

  if (callback !== undefined && !foreign) {
    const set = await api.setAppCallback(app, { url: callback, verifyToken, earlier: found.value?.fields ?? [] });
    if (!set.ok) return unset(app.appId, set, callback, reach);
    refused = set.value.refused;
  }
  const subscribed = await api.subscribe(key, businessId, undefined);
  if (!subscribed.ok)
    return wrong(
      subscribed,
      'access_token',
      `Subscribing the app ${app.appId} to the business account ${businessId}`,
      'Give the system user full control of the WhatsApp account in Business settings > Users > System users > Assign assets.',
    );
  if (!foreign || callback === undefined) return { refused };
  const redirected = await api.subscribe(key, businessId, { url: callback, verifyToken });
  if (redirected.ok) return { refused };
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
/** The codes of a token that is wrong; here it is the id of the app and its secret. */
const badToken: ReadonlySet<string> = new Set(['190', '15', '102']);

/** The callback could not be set. */
function unset(appId: string, failure: BusinessFailure, callback: string, reach: string) {
  const step = `Setting the callback of the app ${appId}`;
  if (failure.code === callbackFailed) return wrong(failure, 'verify_token', step, reach);
  if (badToken.has(failure.code))
    return wrong(failure, 'app_secret', step, `Copy the App secret of the app from ${appSettings}.`);
  const remedy = `Recado asked for fewer fields too, and at last for messages alone. Check that the app has the product WhatsApp, and that Meta takes ${callback}, which begins with PUBLIC_URL.`;
  return wrong(failure, 'verify_token', step, remedy);
}

/** The webhooks that come to this server, or why Meta could not be asked. */
export async function readWebhooks(api: BusinessApi, place: WebhookPlace): Promise<AccountWebhooks | BusinessFailure> {
  const { app, businessId, callback } = place;
  const { needed, optional, uncertain, overridable } = api.webhookFields;
  const found = await api.findAppCallback(app);
  if (!found.ok && found.kind === 'unreachable') return found;
  const apps = await api.listSubscriptions(keyOf(place), businessId);
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
  const isRefused = (field: string) => place.refused.includes(field) && !comes(field);
  const lost = missing.filter(field => !isRefused(field));
  const absent = {
    lost,
    extra: [...optional, ...uncertain].filter(field => !comes(field) && !isRefused(field)),
    refused: [...needed, ...optional, ...uncertain].filter(isRefused),
  };
  const message = sentences(place, atApp, own.override, absent);
  return { ok: lost.length === 0, callback_url: url, missing_fields: missing, message };
}

/** The fields that do not come: those that Recado needs and Meta offers, the others, and those that Meta refused. */
interface Absent {
  lost: readonly string[];
  extra: readonly string[];
  refused: readonly string[];
}

function sentences(
  { callback }: WebhookPlace,
  atApp: AppCallback,
  override: string | undefined,
  { lost, extra, refused }: Absent,
): string {
  const isForeign = callback !== undefined && atApp.url !== callback;
  const choose = `Choose them in ${configuration} > Webhook fields`;
  const notOffered = refused.length > 0 && `Meta does not offer: ${list(refused)}.`;
  const words = (...parts: (string | false)[]) => parts.filter(Boolean).join(' ');
  const missing = `These fields do not come: ${list(lost)}.`;
  if (lost.length > 0 && isForeign)
    return words(
      `The callback of the app is ${atApp.url}, with the fields ${list(atApp.fields)}, instead of ${callback}.`,
      override !== undefined && `The business account sends its messages to ${override}.`,
      `${missing} Use an app of your own, or delete that callback in ${configuration} and save the credentials again.`,
    );
  if (lost.length > 0) return words(missing, `${choose}, or save the credentials again.`, notOffered);
  const where =
    callback === undefined ? `Webhooks go to the callback of the app, ${atApp.url}.` : `Webhooks go to ${callback}.`;
  const again =
    isForeign || callback === undefined ? `${choose}.` : 'Save the credentials again: Recado then asks for them.';
  return words(where, extra.length > 0 && `These fields do not come: ${list(extra)}. ${again}`, notOffered);
}

/** The state of the webhooks as a check. */
export const webhookCheck = ({ ok, message }: AccountWebhooks): AccountCheck => ({
  name: 'webhooks',
  ok,
  field: null,
  message,
});
