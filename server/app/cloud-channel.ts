// Accounts on Meta's Cloud API: their credentials come from the database and are kept in memory.
import { idSchema } from '@recado/contract';
import { capabilitiesOf, metaWebhooks, openAgent, whatsAppCloud } from '../adapters/channels/whatsapp-cloud/index.ts';
import {
  changedCredentials,
  decryptSecret,
  findAppByName,
  findCallCredentials,
  openCallCredentials,
} from '../features/accounts/index.ts';
import type { Encrypter } from '../kit/crypto/encryption.ts';
import type { Database } from '../kit/db/database.ts';
import type { Clock } from '../kit/time.ts';
import { type Channel, CredentialsError, type WebhookApp } from '../ports/channel.ts';
import type { ChannelKind } from './channel-kind.ts';

export interface CloudNeeds {
  db: Database;
  encrypter: Encrypter;
  clock: Clock;
  /** The Graph API with its version. */
  baseUrl: string;
  userAgent: string;
  deadlineMs: number;
}

const appName = idSchema('meta_app');

/** How old credentials in memory may be after another process has changed them, in milliseconds. */
const staleMs = 10_000;
/** The shortest time between two reads of an app after a wrong signature: strangers can cause them. */
const renewMs = 1_000;
/** The most unknown names of apps in memory. */
const mostUnknown = 10_000;

interface KnownAccount {
  accessToken: string;
  appSecret: string | undefined;
  messagingAccountId: string | undefined;
  channel: Channel;
  isFresh: boolean;
}

interface KnownApp {
  appSecret: string;
  verifyToken: string;
  app: WebhookApp;
  isFresh: boolean;
  renewedAt: number;
}

/** Opens the channels of all accounts with their own credentials. */
export function cloudChannels({ db, encrypter, clock, ...graph }: CloudNeeds): ChannelKind {
  const agent = openAgent();
  const settings = { ...graph, baseUrl: () => graph.baseUrl, agent };
  const accounts = new Map<string, KnownAccount>();
  const apps = new Map<string, KnownApp>();
  /** The names that are no app's, and since when. */
  const unknown = new Map<string, number>();
  let checkedAt: number | undefined;
  let since: string | undefined;

  /** One query from time to time, whatever the number of accounts. */
  async function dropChanged(): Promise<void> {
    const now = clock.elapsed();
    if (checkedAt !== undefined && now < checkedAt + staleMs) return;
    checkedAt = now;
    const changed = await changedCredentials(db, since).catch(error => {
      checkedAt = undefined;
      throw error;
    });
    since = changed.now;
    for (const id of changed.accounts) staleIn(accounts, id);
    for (const name of changed.apps) staleIn(apps, name);
  }

  async function readAccount(accountId: string): Promise<Channel> {
    const found = await findCallCredentials(db, accountId);
    if (!found) throw new CredentialsError('The account has no access token.');
    const { accessToken, appSecret } = openCallCredentials(encrypter, accountId, found);
    const { messagingAccountId } = found;
    const before = accounts.get(accountId);
    const isSame =
      before?.accessToken === accessToken &&
      before.appSecret === appSecret &&
      before.messagingAccountId === messagingAccountId;
    // The same object for the same credentials, so that a caller can tell whether they have changed.
    const channel = isSame
      ? before.channel
      : whatsAppCloud({ ...settings, accessToken, appSecret, messagingAccountId });
    accounts.set(accountId, { accessToken, appSecret, messagingAccountId, channel, isFresh: true });
    return channel;
  }

  async function readApp(name: string): Promise<KnownApp | undefined> {
    const row = await findAppByName(db, name);
    if (!row) {
      if (unknown.size >= mostUnknown) unknown.clear();
      unknown.set(name, clock.elapsed());
      return undefined;
    }
    unknown.delete(name);
    const appSecret = decryptSecret(encrypter, 'appSecret', row.id, row.appSecret);
    const verifyToken = decryptSecret(encrypter, 'verifyToken', row.id, row.verifyToken);
    const webhooks = metaWebhooks({ appSecret, verifyToken });
    const app: WebhookApp = {
      webhooks,
      channel: 'cloud',
      laneKey: row.id,
      workspaceId: row.workspaceId,
      appId: row.appId,
    };
    const known = { appSecret, verifyToken, app, isFresh: true, renewedAt: clock.elapsed() };
    apps.set(name, known);
    return known;
  }

  return {
    name: 'cloud',
    routes: ['cloud'],
    capabilities: capabilitiesOf(),
    async of(accountId) {
      await dropChanged();
      const known = accounts.get(accountId);
      return known?.isFresh ? known.channel : readAccount(accountId);
    },
    async renew(accountId) {
      await readAccount(accountId);
    },
    apps: {
      configured: [],
      async find(name) {
        if (!appName.safeParse(name).success) return undefined;
        await dropChanged();
        const known = apps.get(name);
        if (known?.isFresh) return known.app;
        const missedAt = unknown.get(name);
        if (missedAt !== undefined && clock.elapsed() < missedAt + staleMs) return undefined;
        return (await readApp(name))?.app;
      },
      async renew(name) {
        const before = apps.get(name);
        if (!before || clock.elapsed() < before.renewedAt + renewMs) return undefined;
        before.renewedAt = clock.elapsed();
        const now = await readApp(name);
        const isSame = now?.appSecret === before.appSecret && now.verifyToken === before.verifyToken;
        return isSame ? undefined : now?.app;
      },
    },
    forget: () => {
      checkedAt = undefined;
    },
    close: async () => agent.destroy(),
  };
}

function staleIn(known: Map<string, { isFresh: boolean }>, key: string): void {
  const entry = known.get(key);
  if (entry) entry.isFresh = false;
}
