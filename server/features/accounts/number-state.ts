// Reads what the channel says about numbers: on a schedule, and soon after a notice about one.
import { lockLane, releaseLane } from '../../engine/store.ts';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { BusinessApi, NumberInfo } from '../../ports/business.ts';
import { CredentialsError } from '../../ports/channel.ts';
import { limitsOf } from './channel-limits.ts';
import { decryptSecret } from './credentials.ts';
import { type DueAccount, readSoon, saveNumberState, takeDueAccounts } from './number-state-store.ts';
import { applyChannelLimits } from './store.ts';

/** Keeps what the channel says about a number, and lets its limits govern those of the account. */
export async function keepNumberState(tx: Queryable, id: string, info: NumberInfo, now: Date | null): Promise<void> {
  await lockLane(tx, id);
  await saveNumberState(tx, id, info, limitsOf(info), now);
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
  wake: (kind: string, key: string) => void;
}

/** Creates the readings of this process. */
export function numberReadings({ db, clock, log, encrypter, business, wake }: NumberReadingNeeds): NumberReadings {
  let running: Promise<void> | undefined;
  let stopped = false;

  async function read({ id, numberId, accessToken }: DueAccount): Promise<void> {
    const answer = await business.describeNumber(decryptSecret(encrypter, 'accessToken', id, accessToken), numberId);
    if (!answer.ok) {
      log.warn({ account: id, code: answer.code }, 'the state of a number could not be read; it is tried again later');
      return;
    }
    await db.transaction(tx => keepNumberState(tx, id, answer.value, clock.sqlNow()));
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
