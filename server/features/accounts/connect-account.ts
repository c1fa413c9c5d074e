// Connects real accounts: checks their credentials at Meta, subscribes the app, and only then saves them.
import type {
  AccountCheck,
  AccountWebhooks,
  CreateCloudAccount,
  changeCredentialsBody,
  FoundNumbers,
  findNumbersBody,
} from '@recado/contract';
import type { z } from 'zod';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { Database, Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { type AppError, commonProblem, inFull } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import type {
  AccessKey,
  AppKey,
  BusinessApi,
  BusinessFailure,
  BusinessInfo,
  NumberInfo,
  TokenInfo,
} from '../../ports/business.ts';
import { CredentialsError } from '../../ports/channel.ts';
import { createLane, lockLane, releaseLane } from '../queue/index.ts';
import { webhookUrl } from './account.ts';
import {
  type Checked,
  type Credentials,
  checkCredentials,
  checkNumberState,
  checkRegistration,
  registrationAdvice,
} from './cloud-checks.ts';
import { decryptSecret, encryptSecret } from './credentials.ts';
import {
  endCredentialTrouble,
  findApp,
  findAppByName,
  findCredentials,
  insertApp,
  isBusinessTaken,
  isNumberTaken,
  type SavedApp,
  saveAccessToken,
  saveRefusedFields,
  updateApp,
} from './credentials-store.ts';
import { accountErrors, problem } from './errors.ts';
import { findNumbers } from './find-numbers.ts';
import { rejectContradictions, rejectUnknownZone, settingsOf } from './manage-account.ts';
import { keepNumberState } from './number-state.ts';
import { insertAccount } from './store.ts';
import { readWebhooks, setUpWebhooks, stepWords, type WebhookPlace, webhookCheck } from './webhook-setup.ts';

export interface ConnectNeeds {
  db: ScopedDatabase;
  engineDb: Database;
  clock: Clock;
  encrypter: Encrypter;
  business: BusinessApi;
  /** The public URL of this server, where Meta can reach it; undefined if it is not set. */
  publicUrl: string | undefined;
  /** Some credentials have just changed: processes that have them in memory read them again. */
  forget: () => void;
  wake: (kind: string, key: string) => void;
}

/** A checked account, whose app is saved and subscribed. */
export interface Connection {
  body: CreateCloudAccount;
  app: SavedApp;
  number: NumberInfo & { phone: string };
  business: BusinessInfo | undefined;
  webhooks: AccountWebhooks | undefined;
  token: TokenInfo | undefined;
}

const rejectFailed = ({ checks, unreachable }: Pick<Checked, 'checks' | 'unreachable'>): void => {
  if (unreachable) throw unreached(unreachable);
  const fields = checks.flatMap(({ ok, field, message }) => (ok || field === null ? [] : [{ field, message }]));
  if (fields.length === 0) return;
  const detail = fields.map(({ field, message }) => `${field}: ${message}`).join(' ');
  throw commonProblem('invalid_request', detail, { fields });
};

function unreached({ code, title, answered }: BusinessFailure, step?: string): AppError {
  const end = `${step === undefined ? '' : `${step} failed. `}Nothing was saved. Repeat the request later.`;
  return answered
    ? problem('channel_unavailable', `Meta gave no usable answer (${code}): ${title} ${end}`)
    : problem('channel_unreachable', `WhatsApp cannot be reached from this machine (${code}). ${end}`);
}

const rejected = (field: string, message: string) =>
  commonProblem('invalid_request', `${field}: ${message}`, { fields: [{ field, message }] });

type NewCredentials = Pick<
  CreateCloudAccount,
  'phone_number_id' | 'business_account_id' | 'access_token' | 'app_secret' | 'app_id'
>;

const newCredentials = (body: NewCredentials): Credentials => ({
  numberId: body.phone_number_id,
  businessId: body.business_account_id,
  accessToken: body.access_token,
  appSecret: body.app_secret,
  appId: body.app_id,
  namesApp: true,
});

/** Checks credentials that are not saved. @throws AppError if Meta could not be asked */
export async function checkNewAccount({ business }: ConnectNeeds, body: NewCredentials): Promise<AccountCheck[]> {
  const { checks, unreachable, number } = await checkCredentials(business, newCredentials(body));
  if (unreachable) throw unreached(unreachable);
  return [...checks, ...(number ? checkRegistration(number) : [])];
}

/** Finds the numbers that a token may connect. Changes and stores nothing. @throws AppError if Meta could not be asked */
export async function findNewNumbers(
  needs: ConnectNeeds,
  body: z.infer<typeof findNumbersBody>,
): Promise<FoundNumbers> {
  const found = await findNumbers(needs, body);
  if ('kind' in found) throw unreached(found);
  return found;
}

/** Checks everything with Meta, and sets up what belongs to it there. Saves the app, but not yet the account. */
export async function prepareConnection(
  needs: ConnectNeeds,
  caller: Caller,
  body: CreateCloudAccount,
): Promise<Connection> {
  rejectContradictions(body);
  await rejectUnknownZone(needs.db.within(caller), body.time_zone);
  const given = newCredentials(body);
  const checked = await checkCredentials(needs.business, given);
  rejectFailed(checked);
  const { appId, number } = checked;
  if (appId === undefined || number?.phone === undefined)
    throw rejected(
      'phone_number_id',
      'Meta does not say which phone number this is. Copy the id from WhatsApp > API setup.',
    );
  const [unregistered] = checkRegistration(number).filter(({ ok }) => !ok);
  if (unregistered && (body.pin === undefined || unregistered.field !== 'pin'))
    throw rejected(unregistered.field ?? 'pin', unregistered.message);
  if (await isNumberTaken(needs.engineDb, given.numberId)) throw problem('number_taken');
  // An app has one callback for each business account: a second workspace would take the webhooks of the first.
  if (await isBusinessTaken(needs.engineDb, caller.workspaceId, given.businessId)) {
    const message = inFull(accountErrors.business_account_taken);
    throw problem('business_account_taken', undefined, { fields: [{ field: 'business_account_id', message }] });
  }
  const app = await saveApp(needs, caller, appId, body.app_secret, body.verify_token);
  const place = placeOf(needs, given, app, appId);
  const refused = await setUp(needs, caller, place, app, {
    ...given,
    verifyToken: body.verify_token,
    pin: pinFor(number, body.pin),
  });
  const { business } = needs;
  // The account is connected, and it works. A reading that fails here is repeated within the hour.
  const [now, about, webhooks] = await Promise.all([
    body.pin === undefined ? undefined : business.describeNumber(given, given.numberId),
    business.describeBusiness(given, given.businessId),
    readWebhooks(business, { ...place, refused }),
  ]);
  return {
    body,
    app,
    number: { ...number, ...(now?.ok && now.value), phone: number.phone },
    business: about.ok ? about.value : undefined,
    webhooks: 'kind' in webhooks ? undefined : webhooks,
    token: checked.token,
  };
}

/** Saves an app of the workspace. Its webhook URL answers Meta from then on. */
async function saveApp(
  { db, encrypter, forget }: ConnectNeeds,
  caller: Caller,
  appId: string,
  appSecret: string,
  verifyToken: string,
): Promise<SavedApp> {
  const { workspaceId } = caller;
  const secretsOf = (id: string) => ({
    appSecret: encryptSecret(encrypter, 'appSecret', id, appSecret),
    verifyToken: encryptSecret(encrypter, 'verifyToken', id, verifyToken),
  });
  const app = await db.within(caller).transaction(async tx => {
    const id = newUuid();
    await insertApp(tx, { id, workspaceId, appId, name: toId('meta_app', id), ...secretsOf(id) });
    const saved = await findApp(tx, workspaceId, appId);
    if (!saved) throw new Error('an app was not saved');
    if (saved.id !== id) await updateApp(tx, { id: saved.id, ...secretsOf(saved.id) });
    return saved;
  });
  forget();
  return app;
}

/** The app and the business account at Meta, and the URL of this server for the app. */
const placeOf = (
  { publicUrl }: Pick<ConnectNeeds, 'publicUrl'>,
  { accessToken, businessId, appSecret }: Pick<Credentials, 'accessToken' | 'businessId'> & Pick<AppKey, 'appSecret'>,
  { name, refused }: SavedApp,
  appId: string,
): WebhookPlace => ({
  app: { appId, appSecret },
  accessToken,
  businessId,
  refused,
  callback: publicUrl === undefined ? undefined : webhookUrl(publicUrl, name),
});

/** The PIN to register a number with: a number in the WhatsApp Business app is never registered anew. */
const pinFor = (number: NumberInfo | undefined, pin: string | undefined) => (number?.isOnBusinessApp ? undefined : pin);

/**
 * Sets up the webhooks, and registers the number where a PIN is given. Returns the fields of webhooks that Meta refused.
 */
async function setUp(
  { business, engineDb, publicUrl, db }: ConnectNeeds,
  caller: Caller,
  place: WebhookPlace,
  app: SavedApp,
  {
    accessToken,
    appSecret,
    numberId,
    verifyToken,
    pin,
  }: Pick<Credentials, 'accessToken' | 'appSecret' | 'numberId'> & {
    verifyToken: string;
    pin: string | undefined;
  },
): Promise<readonly string[]> {
  const own = publicUrl === undefined ? '' : webhookUrl(publicUrl, '');
  const isOurs = async (url: string) => {
    if (own === '' || !url.startsWith(own)) return false;
    const name = url.slice(own.length);
    // A name that no app has any more: the database was made anew.
    return name === app.name || (await findAppByName(engineDb, name)) === undefined;
  };
  const set = await setUpWebhooks(business, place, { verifyToken, isOurs });
  if ('failed' in set) {
    const { failure, field, step } = set.failed;
    if (failure.kind === 'unreachable') throw unreached(failure, step);
    throw rejected(field, stepWords(set.failed));
  }
  const { refused } = set;
  await db.within(caller).transaction(tx => saveRefusedFields(tx, app.id, refused));
  if (pin === undefined) return refused;
  const registered = await business.register({ accessToken, appSecret }, numberId, pin);
  if (registered.ok) return refused;
  if (registered.kind === 'unreachable') throw unreached(registered, 'Registering the number');
  throw rejected('pin', registrationAdvice(registered));
}

/** Saves a checked account with its lane. Returns its id. */
export async function saveConnection(
  { encrypter, clock }: ConnectNeeds,
  tx: Queryable,
  workspaceId: string,
  { body, app, number, business, webhooks, token }: Connection,
): Promise<string> {
  const id = newUuid();
  const account = {
    id,
    workspaceId,
    name: body.name,
    channel: body.channel,
    phone: number.phone,
    numberId: body.phone_number_id,
    businessId: body.business_account_id,
    absence: undefined,
    timeZone: body.time_zone ?? 'UTC',
    settings: settingsOf(body),
  };
  if (!(await insertAccount(tx, account))) throw problem('number_taken');
  await createLane(tx, id);
  const accessToken = encryptSecret(encrypter, 'accessToken', id, body.access_token);
  await saveAccessToken(tx, workspaceId, id, { accessToken, appId: app.id });
  await keepNumberState(tx, id, { number, business, webhooks, token }, clock.sqlNow());
  return id;
}

/**
 * The credentials of an account in plain: those that are given, and the stored ones for the rest.
 * A stored secret that is replaced is not decrypted, so that new ones can be saved after SECRET_KEY is lost.
 * @throws AppError if it has none of its own, or no key decrypts one that is needed
 */
async function credentialsOf(
  { engineDb, encrypter }: Pick<ConnectNeeds, 'engineDb' | 'encrypter'>,
  workspaceId: string,
  id: string,
  given: z.infer<typeof changeCredentialsBody> = {},
) {
  const stored = await findCredentials(engineDb, workspaceId, id);
  if (!stored) throw problem('account_not_found');
  const { app, accessToken, numberId, businessId } = stored;
  if (!app || accessToken === null || businessId === null) throw problem('no_credentials');
  try {
    return {
      app,
      verifyToken: given.verify_token ?? decryptSecret(encrypter, 'verifyToken', app.id, app.verifyToken),
      numberId,
      businessId,
      accessToken: given.access_token ?? decryptSecret(encrypter, 'accessToken', id, accessToken),
      appSecret: given.app_secret ?? decryptSecret(encrypter, 'appSecret', app.id, app.appSecret),
      // A token of another app comes with the secret of that one.
      appId: given.app_secret === undefined ? app.appId : undefined,
    };
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw problem('credentials_unreadable', undefined, { cause: error });
  }
}

/** What Meta says about an account. */
interface Told {
  checks: AccountCheck[];
  key: AccessKey;
  businessId: string;
  /** Undefined where a check failed that these depend on. */
  number: NumberInfo | undefined;
  webhooks: AccountWebhooks | undefined;
  token: TokenInfo | undefined;
}

/** Asks Meta about a stored account. Changes nothing, here and there. @throws AppError if Meta could not be asked */
export async function askAboutAccount(
  needs: Pick<ConnectNeeds, 'engineDb' | 'encrypter' | 'business' | 'publicUrl'>,
  workspaceId: string,
  id: string,
): Promise<Told> {
  const credentials = await credentialsOf(needs, workspaceId, id);
  const { accessToken, appSecret, businessId } = credentials;
  const key = { accessToken, appSecret };
  const { checks, number, appId, token, unreachable } = await checkCredentials(needs.business, credentials);
  if (unreachable) throw unreached(unreachable);
  if (!number || appId === undefined) return { checks, key, businessId, number: undefined, webhooks: undefined, token };
  const webhooks = await readWebhooks(needs.business, placeOf(needs, credentials, credentials.app, appId));
  if ('kind' in webhooks) throw unreached(webhooks, 'Reading the webhooks');
  checks.push(webhookCheck(webhooks), ...checkNumberState(number));
  return { checks, key, businessId, number, webhooks, token };
}

/** Repeats the checks of an account with Meta, and keeps what it says. Changes nothing there. */
export async function checkAccount(needs: ConnectNeeds, caller: Caller, id: string): Promise<AccountCheck[]> {
  const { checks, key, businessId, number, webhooks, token } = await askAboutAccount(needs, caller.workspaceId, id);
  if (number && webhooks) {
    const about = await needs.business.describeBusiness(key, businessId);
    const business = about.ok ? about.value : undefined;
    await needs.db
      .within(caller)
      .transaction(tx => keepNumberState(tx, id, { number, business, webhooks, token }, needs.clock.sqlNow()));
    needs.wake('send', id);
  }
  return checks;
}

/** Saves other credentials of an account after it has checked them, and ends the hold that the earlier ones caused. */
export async function changeCredentials(
  needs: ConnectNeeds,
  caller: Caller,
  id: string,
  body: z.infer<typeof changeCredentialsBody>,
  note: (tx: Queryable) => Promise<void>,
): Promise<void> {
  const { app: earlier, verifyToken, ...given } = await credentialsOf(needs, caller.workspaceId, id, body);
  const checked = await checkCredentials(needs.business, given);
  rejectFailed(checked);
  const appId = checked.appId ?? earlier.appId;
  const app = await saveApp(needs, caller, appId, given.appSecret, verifyToken);
  const place = placeOf(needs, given, app, appId);
  const { number, token } = checked;
  const refused = await setUp(needs, caller, place, app, { ...given, verifyToken, pin: pinFor(number, body.pin) });
  const webhooks = await readWebhooks(needs.business, { ...place, refused });
  const accessToken = encryptSecret(needs.encrypter, 'accessToken', id, given.accessToken);
  await needs.db.within(caller).transaction(async tx => {
    await lockLane(tx, id);
    if (!(await saveAccessToken(tx, caller.workspaceId, id, { accessToken, appId: app.id })))
      throw problem('account_not_found');
    if (number) {
      const read = { number, business: undefined, webhooks: 'kind' in webhooks ? undefined : webhooks, token };
      await keepNumberState(tx, id, read, needs.clock.sqlNow());
    }
    await releaseLane(tx, id, ['account_error'], needs.clock.sqlNow());
    await endCredentialTrouble(tx, id, needs.clock.sqlNow());
    await note(tx);
  });
  needs.forget();
  needs.wake('send', id);
  for (const kind of ['read', 'fetch']) needs.wake(kind, id);
}
