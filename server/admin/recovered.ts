// After a snapshot or a point-in-time recovery: the database does not know what was sent since, as after a restore.
import type pg from 'pg';
import { holdRestoredCampaigns } from '../features/campaigns/index.ts';
import { failRestoredCalls } from '../features/hooks/index.ts';
import { holdRestoredLinks } from '../features/links/index.ts';
import { markRestored } from '../features/outcomes/index.ts';
import { queryable } from '../kit/db/database.ts';
import { searchPath } from '../kit/db/function-set.ts';
import { migrate } from '../kit/db/migrate.ts';
import { CommandError } from './command-error.ts';
import { lockSchema } from './schema-lock.ts';
import { countPrograms, forgetSessions, withRecado } from './schema-store.ts';

export interface RecoveredOptions {
  connection: pg.ClientConfig;
  /** The folder of this program's migrations. */
  migrations: string;
  /** Keeps queued messages queued, for operators who know that nothing was sent since. */
  resume: boolean;
  tell: (line: string) => void;
}

export interface Recovered {
  /** How many messages became unknown, how many unknown ones now wait for the operator, and how many campaigns do. */
  unknown: number;
  held: number;
  campaigns: number;
}

const name = 'recado recovered';

/**
 * Marks the messages, linked phones, campaigns and sessions of a recovered database as a restore does, in one transaction.
 * @throws CommandError where Recado runs on it, or where it has no data
 */
export async function recovered({ connection, migrations, resume, tell }: RecoveredOptions): Promise<Recovered> {
  await withRecado(connection, name, rejectPrograms);
  // The functions of this version, and transaction ids that lie in this server's past.
  await migrate(connection, migrations, { log: { warn: tell } });
  return withRecado(connection, name, async client => {
    await client.query('begin');
    await lockSchema(client, tell);
    await rejectPrograms(client);
    await client.query(`set local search_path = ${searchPath}`);
    const tx = queryable(client);
    const marks = await markRestored(tx, resume);
    if (!resume) {
      await holdRestoredLinks(tx);
      await failRestoredCalls(tx);
    }
    const campaigns = await holdRestoredCampaigns(tx);
    await forgetSessions(client);
    await client.query('commit');
    return { ...marks, campaigns };
  });
}

async function rejectPrograms(client: pg.Client): Promise<void> {
  const programs = await countPrograms(client, name);
  if (programs > 0)
    throw new CommandError(`A Recado is running on this database (${programs} connections): stop it first.`);
}
