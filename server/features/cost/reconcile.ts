// Compares what was counted of each account and day with what the channel bills.
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { BilledVolume, BusinessApi } from '../../ports/business.ts';
import { CredentialsError } from '../../ports/channel.ts';
import { findCallCredentials, openCallCredentials } from '../accounts/index.ts';
import { type Compared, countedDays, type DueDay, dueDays, storeCompared } from './reconciliation-store.ts';

export interface ReconcileNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  encrypter: Encrypter;
  business: BusinessApi;
}

/** The sum of decimal numbers as text, exactly; undefined where one is not told. */
export function sumOfMoney(amounts: readonly (string | undefined)[]): string | undefined {
  const decimals = 9;
  let sum = 0n;
  for (const amount of amounts) {
    if (amount === undefined) return undefined;
    const [whole = '0', fraction = ''] = amount.split('.');
    sum += BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
  }
  const digits = String(sum).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The days of an account, as they were counted and as the channel tells them. */
export function compareDays(
  counted: readonly { day: string; counted: number; amount: string }[],
  told: readonly BilledVolume[],
  phone: string | null,
): Compared[] {
  const digits = phone?.replace(/\D/g, '');
  const mine = told.filter(each => each.phone === undefined || each.phone === digits);
  return counted.map(each => {
    const ofDay = mine.filter(({ day }) => day === each.day);
    return {
      ...each,
      told: ofDay.reduce((sum, { volume }) => sum + volume, 0),
      toldAmount: sumOfMoney(ofDay.map(({ cost }) => cost)) ?? null,
    };
  });
}

async function reconcile(needs: ReconcileNeeds, due: DueDay): Promise<void> {
  const { db, clock, log, encrypter, business } = needs;
  const credentials = await findCallCredentials(db, due.accountId);
  if (!credentials) return;
  const key = openCallCredentials(encrypter, due.accountId, credentials);
  const told = await business.listBilled(key, due.businessId, due.from, due.until);
  if (!told.ok) {
    log.warn(
      { account: due.accountId, code: told.code },
      'what WhatsApp bills could not be read; it is tried again later',
    );
    return;
  }
  const days = compareDays(await countedDays(db, due), told.value, due.phone);
  await storeCompared(db, due, days, new Date(clock.now()));
}

async function reconcileAll(needs: ReconcileNeeds, isStopped: () => boolean): Promise<void> {
  for (const due of await dueDays(needs.db, needs.clock.sqlNow())) {
    if (isStopped()) return;
    await reconcile(needs, due).catch(error => {
      if (!(error instanceof CredentialsError)) throw error;
      needs.log.warn({ account: due.accountId }, error.message);
    });
  }
}

export interface Reconciliations {
  /** Starts to compare the days that are due, unless it is at it. */
  begin(): void;
  /** Resolves when the comparison under way has ended. */
  close(): Promise<void>;
}

/** Creates the comparisons of this process. */
export function reconciliations(needs: ReconcileNeeds): Reconciliations {
  let running: Promise<void> | undefined;
  let stopped = false;
  return {
    begin() {
      running ??= reconcileAll(needs, () => stopped)
        .catch(error => needs.log.warn({ err: error }, 'what WhatsApp bills could not be compared'))
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
