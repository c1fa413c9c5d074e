// The call to an address of the operator, every minute: if it stays away, the service behind it knows that Recado is dead.
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import type { Database } from '../../kit/db/database.ts';
import type { GuardedPoster } from '../../kit/net/guarded-post.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import type { Clock } from '../../kit/time.ts';
import { openPing } from './channel.ts';
import { notePing, type SettingRow, takePings } from './channel-store.ts';

export interface PingNeeds {
  db: Pick<Database, 'query'>;
  clock: Clock;
  poster: Pick<GuardedPoster, 'post'>;
  encrypter: Encrypter;
}

const deadlineMs = 10_000;

/** Calls the address of a workspace and keeps how that went. */
export async function ping({ db, clock, poster, encrypter }: PingNeeds, row: SettingRow): Promise<void> {
  if (row.ping_url === null) return;
  const url = openPing(encrypter, row.workspace_id, row.ping_url);
  const took = clock.measure();
  const outcome = await poster.post(url, { headers: {}, body: '', deadlineMs }).then(
    ({ status }) => ({ status, error: null }),
    error => {
      if (!(error instanceof GuardedFetchError)) throw error;
      return { status: null, error: error.message };
    },
  );
  await notePing(db, row.workspace_id, { ...outcome, ms: Math.round(took()) }, new Date(clock.now()));
}

/** Calls all addresses whose minute has come, side by side. */
export async function pingAll(needs: PingNeeds): Promise<void> {
  await Promise.all((await takePings(needs.db, new Date(needs.clock.now()))).map(row => ping(needs, row)));
}
