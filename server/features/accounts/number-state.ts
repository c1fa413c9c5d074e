// Reads what the channel says about numbers: on a schedule, and soon after a notice about one.

import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { BusinessApi } from '../../ports/business.ts';
import { CredentialsError } from '../../ports/channel.ts';
import { lockLane, releaseLane } from '../queue/index.ts';
import { webhookUrl } from './account.ts';
import { limitsOf } from './channel-limits.ts';
import { numberTrouble } from './cloud-checks.ts';
import { openCallCredentials } from './credentials.ts';
import {
  type DueAccount,
  type NumberReading,
  readSoon,
  saveNumberState,
  saveNumberTrouble,
  takeDueAccounts,
} from './number-state-store.ts';
import { applyChannelLimits } from './store.ts';
import { readWebhooks } from './webhook-setup.ts';

/** Keeps what the channel says about a number, and lets its limits govern those of the account. */
export async function keepNumberState(
  tx: Queryable,
  id: string,
  reading: NumberReading,
  now: Date | null,
): Promise<void> {
  await lockLane(tx, id);
  await saveNumberState(tx, id, reading, limitsOf(reading.number), now);
  const trouble = numberTrouble(reading.number);
  if (trouble !== undefined) await saveNumberTrouble(tx, id, trouble, now);
  await applyChannelLimits(tx, id, now);
  await releaseLane(tx, id, ['rate_limit'], now);
}

const readAtOnce = 20;

export interface NumberReadings {
  /** Starts to read the numbers that are due, unless it is at it. */
  begin(): void;
  /** Resolves when the reading under way has ended. */
  close(): Promise<void>;
}

export interface NumberReadingNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  encrypter: Encrypter;
  business: BusinessApi;
  /** The public URL of this server, where Meta can reach it; undefined if it is not set. */
  publicUrl: string | undefined;
  wake: (kind: string, key: string) => void;
}

/** Creates the readings of this process. */
export function numberReadings(needs: NumberReadingNeeds): NumberReadings {
  const { db, clock, log, encrypter, business, wake } = needs;
  let running: Promise<void> | undefined;
  let stopped = false;

  const warn = (account: string, { code }: { code: string }, what: string) =>
    log.warn({ account, code }, `${what} could not be read; it is tried again later`);

  async function read({ id, numberId, accessToken: encrypted, businessId, app }: DueAccount): Promise<void> {
    const key = openCallCredentials(encrypter, id, { accessToken: encrypted, app });
    const { accessToken, appSecret: secret } = key;
    const number = await business.describeNumber(key, numberId);
    if (!number.ok) return warn(id, number, 'the state of a number');
    const [about, webhooks] =
      businessId === null || app === null || secret === undefined
        ? []
        : await Promise.all([
            business.describeBusiness(key, businessId),
            readWebhooks(business, {
              app: { appId: app.appId, appSecret: secret },
              accessToken,
              businessId,
              refused: app.refused ?? [],
              callback: needs.publicUrl === undefined ? undefined : webhookUrl(needs.publicUrl, app.name),
            }),
          ]);
    const token = await business.describeToken(
      accessToken,
      app === null || secret === undefined ? key : { appId: app.appId, appSecret: secret },
    );
    if (!token.ok) warn(id, token, 'the end of an access token');
    if (about?.ok === false) warn(id, about, 'the state of a business account');
    if (webhooks && 'kind' in webhooks) warn(id, webhooks, 'the state of webhooks');
    const reading: NumberReading = {
      number: number.value,
      business: about?.ok ? about.value : undefined,
      webhooks: webhooks && 'kind' in webhooks ? undefined : webhooks,
      token: token.ok ? token.value : undefined,
    };
    await db.transaction(tx => keepNumberState(tx, id, reading, clock.sqlNow()));
    wake('send', id);
  }

  async function readAll(): Promise<void> {
    while (!stopped) {
      const due = await takeDueAccounts(db, readAtOnce, clock.sqlNow());
      for (const account of due)
        if (!stopped)
          await read(account).catch(error => {
            if (!(error instanceof CredentialsError)) throw error;
            log.warn({ account: account.id }, error.message);
          });
      if (due.length < readAtOnce) return;
    }
  }

  return {
    begin() {
      running ??= readAll()
        .catch(error => log.warn({ err: error }, 'the state of numbers could not be read'))
        .finally(() => {
          running = undefined;
        });
    },
    async close() {
      stopped = true;
      await running;
    },
  };
}

const fields = new Set([
  'phone_number_quality_update',
  'phone_number_name_update',
  'account_update',
  'account_review_update',
  'business_capability_update',
]);

/** After a notice about a number or its business, the number is read again soon: the channel itself says what holds. */
export async function noteNumberNotices(
  tx: Queryable,
  notices: readonly { field: string; accountId: string }[],
  now: Date | null,
): Promise<void> {
  const concerned = new Set(notices.filter(({ field }) => fields.has(field)).map(({ accountId }) => accountId));
  if (concerned.size > 0) await readSoon(tx, [...concerned], now);
}
