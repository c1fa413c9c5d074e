// `npx recado web-version`: the version of WhatsApp Web that Recado claims to be.
import type pg from 'pg';
import { confirmedAt, findWebVersion, oldAfterMs, setWebVersion } from '../features/links/index.ts';
import { queryable } from '../kit/db/database.ts';
import { withRecado } from './schema-store.ts';

const dayMs = 86_400_000;

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** Prints the version and its age, or uses another one from now on. `configured` is that of the settings. */
export async function webVersionCommand(
  connection: pg.ClientConfig,
  version: string | undefined,
  configured: string,
): Promise<string> {
  return withRecado(connection, 'recado web-version', async client => {
    const db = queryable(client);
    if (version !== undefined) {
      await setWebVersion(db, version, configured);
      return `WhatsApp Web ${version} is used from now on.`;
    }
    const found = await findWebVersion(db);
    if (!found) return `WhatsApp Web ${configured}, from the settings. No gateway has used it yet.`;
    const now = Date.now();
    const days = Math.floor((now - found.since.getTime()) / dayMs);
    const read = found.read_at ? ` WhatsApp had none newer on ${dayOf(found.read_at)}.` : '';
    const isOld = now - confirmedAt(found) > oldAfterMs;
    const advice = isOld ? ' It is old: WhatsApp may reject new links. Set a newer one.' : '';
    return `WhatsApp Web ${found.version}, used since ${dayOf(found.since)} (${days} days).${read}${advice}`;
  });
}
