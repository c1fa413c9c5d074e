// Connects real accounts: checks their credentials at Meta, subscribes the app, and only then saves them.
import type { AccountCheck, CreateCloudAccount, changeCredentialsBody } from '@recado/contract';
import type { z } from 'zod';
import { createLane, lockLane, releaseLane } from '../../engine/store.ts';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { Database, Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem, inFull } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import type { BusinessApi, BusinessFailure, NumberInfo } from '../../ports/business.ts';
import { CredentialsError } from '../../ports/channel.ts';
import { webhookUrl } from './account.ts';
import {
  type Checked,
  type Credentials,
  checkCredentials,
  checkSubscription,
  registrationAdvice,
  subscriptionAdvice,
} from './cloud-checks.ts';
import { decryptSecret, encryptSecret } from './credentials.ts';
import {
  endCredentialTrouble,
  findApp,
  findCredentials,
  insertApp,
  isBusinessTaken,
  isNumberTaken,
  saveAccessToken,
  updateApp,
} from './credentials-store.ts';
import { accountErrors, problem } from './errors.ts';
import { rejectContradictions, rejectUnknownZone, settingsOf } from './manage-account.ts';
import { keepNumberState } from './number-state.ts';
import { insertAccount } from './store.ts';

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

/** An app in the database. */
interface App {
  id: string;
  name: string;
}

/** A checked account, whose app is saved and subscribed. */
export interface Connection {
  body: CreateCloudAccount;
  app: App;
  number: NumberInfo & { phone: string };
}

const rejectFailed = ({ checks, unreachable }: Pick<Checked, 'checks' | 'unreachable'>): void => {
  if (unreachable) throw unreached(unreachable);
  const fields = checks.flatMap(({ ok, field, message }) => (ok || field === null ? [] : [{ field, message }]));
  if (fields.length === 0) return;
  const detail = fields.map(({ field, message }) => `${field}: ${message}`).join(' ');
  throw commonProblem('invalid_request', detail, { fields });
};

const unreached = ({ code, title }: BusinessFailure) =>
  problem(
    'channel_unreachable',
    `Meta could not be asked (${code}): ${title} Nothing was saved. Repeat the request later.`,
  );

const refused = (field: string, message: string) =>
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
  const { checks, unreachable } = await checkCredentials(business, newCredentials(body));
  if (unreachable) throw unreached(unreachable);
  return checks;
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
    throw refused(
      'phone_number_id',
      'Meta does not say which phone number this is. Copy the id from WhatsApp > API setup.',
    );
  if (number.isRegistered === false && body.pin === undefined)
    throw refused(
      'pin',
      'The number is not registered for the API. Give the PIN of its two-step verification, or a new one of six digits.',
    );
  if (await isNumberTaken(needs.engineDb, given.numberId)) throw problem('number_taken');
  // An app has one callback for each business account: a second workspace would take the webhooks of the first.
  if (await isBusinessTaken(needs.engineDb, caller.workspaceId, given.businessId)) {
    const message = inFull(accountErrors.business_account_taken);
    throw problem('business_account_taken', undefined, { fields: [{ field: 'business_account_id', message }] });
  }
  const app = await saveApp(needs, caller, appId, body.app_secret, body.verify_token);
  await setUp(needs, given, app, body.verify_token, body.pin);
  return { body, app, number: { ...number, phone: number.phone } };
}

/** Saves an app of the workspace. Its webhook URL answers Meta from then on. */
async function saveApp(
  { db, encrypter, forget }: ConnectNeeds,
  caller: Caller,
  appId: string,
  appSecret: string,
  verifyToken: string,
): Promise<App> {
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

const callbackOf = ({ publicUrl }: ConnectNeeds, app: App): string | undefined =>
  publicUrl === undefined ? undefined : webhookUrl(publicUrl, app.name);

/** Subscribes the app to the business account, and registers the number where a PIN is given. */
async function setUp(
  needs: ConnectNeeds,
  { accessToken, businessId, numberId }: Pick<Credentials, 'accessToken' | 'businessId' | 'numberId'>,
  app: App,
  verifyToken: string,
  pin: string | undefined,
): Promise<void> {
  const { business } = needs;
  const url = callbackOf(needs, app);
  const subscribed = await business.subscribe(
    accessToken,
    businessId,
    url === undefined ? undefined : { url, verifyToken },
  );
  if (!subscribed.ok) {
    if (subscribed.kind === 'unreachable') throw unreached(subscribed);
    throw refused(url === undefined ? 'access_token' : 'verify_token', subscriptionAdvice(subscribed, url));
  }
  if (pin === undefined) return;
  const registered = await business.register(accessToken, numberId, pin);
  if (registered.ok) return;
  if (registered.kind === 'unreachable') throw unreached(registered);
  throw refused('pin', registrationAdvice(registered));
}

/** Saves a checked account with its lane. Returns its id. */
export async function saveConnection(
  { encrypter, clock }: ConnectNeeds,
  tx: Queryable,
  workspaceId: string,
  { body, app, number }: Connection,
): Promise<string> {
  const id = newUuid();
  const account = {
    id,
    workspaceId,
    name: body.name,
    channel: 'cloud' as const,
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
  await keepNumberState(tx, id, number, clock.sqlNow());
  return id;
}

/**
 * The credentials of an account in plain: those that are given, and the stored ones for the rest.
 * A stored secret that is replaced is not decrypted, so that new ones can be saved after SECRET_KEY is lost.
 * @throws AppError if it has none of its own, or no key decrypts one that is needed
 */
async function credentialsOf(
  { engineDb, encrypter }: ConnectNeeds,
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

/** Repeats the checks of an account with Meta. Changes nothing there. */
export async function checkAccount(needs: ConnectNeeds, caller: Caller, id: string): Promise<AccountCheck[]> {
  const credentials = await credentialsOf(needs, caller.workspaceId, id);
  const { checks, number, appId, unreachable } = await checkCredentials(needs.business, credentials);
  if (unreachable) throw unreached(unreachable);
  if (number) {
    const webhooks = await checkSubscription(needs.business, credentials, appId, callbackOf(needs, credentials.app));
    if ('kind' in webhooks) throw unreached(webhooks);
    checks.push(webhooks);
    if (number.isRegistered !== undefined)
      checks.push({
        name: 'registration',
        ok: number.isRegistered,
        field: number.isRegistered ? null : 'pin',
        message: number.isRegistered
          ? 'The number is registered for the API.'
          : 'The number is not registered for the API. Save the credentials again, with the PIN of its two-step verification.',
      });
    await needs.db.within(caller).transaction(tx => keepNumberState(tx, id, number, needs.clock.sqlNow()));
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
  const app = await saveApp(needs, caller, checked.appId ?? earlier.appId, given.appSecret, verifyToken);
  await setUp(needs, given, app, verifyToken, body.pin);
  const { number } = checked;
  const accessToken = encryptSecret(needs.encrypter, 'accessToken', id, given.accessToken);
  await needs.db.within(caller).transaction(async tx => {
    await lockLane(tx, id);
    if (!(await saveAccessToken(tx, caller.workspaceId, id, { accessToken, appId: app.id })))
      throw problem('account_not_found');
    if (number) await keepNumberState(tx, id, number, needs.clock.sqlNow());
    await releaseLane(tx, id, ['account_error'], needs.clock.sqlNow());
    await endCredentialTrouble(tx, id, needs.clock.sqlNow());
    await note(tx);
  });
  needs.forget();
  needs.wake('send', id);
  for (const kind of ['read', 'fetch']) needs.wake(kind, id);
}
