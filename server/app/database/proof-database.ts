// The database of a proof: an embedded PostgreSQL of its own in the data folder. It shares no server with the real data:
// there, the long transaction of a restore would delay all webhooks and streams.
import { lstat, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { openDataDir } from '../config/data-dir.ts';
import { type EmbeddedPostgresLog, startEmbeddedPostgres } from './embedded-postgres/index.ts';
import { stopLeftovers } from './embedded-postgres/leftovers.ts';

export interface ProofDatabase {
  connection: pg.ClientConfig;
  /** Whether its disk has more space than the real data may need meanwhile. */
  hasRoom(): Promise<boolean>;
  /** Stops the server and removes everything of it. */
  close(): Promise<void>;
}

/** What a proof leaves free on the disk of the data folder. */
const reserve = 512 * 1024 * 1024;

const folderIn = (dataDir: string) => join(dataDir, 'proof');

/**
 * Opens an empty one.
 * @throws DataDirInUse while another proof is under way, or StartError
 */
export async function openProofDatabase(
  dataDir: string,
  log: EmbeddedPostgresLog,
  signal: AbortSignal,
): Promise<ProofDatabase> {
  await removeProofDatabase(dataDir, log);
  const folder = folderIn(dataDir);
  const lock = await openDataDir(folder);
  const remove = async () => {
    await rm(folder, { recursive: true, force: true });
    await lock.close();
  };
  try {
    const server = await startEmbeddedPostgres({ dataDir: folder, log, signal, maxConnections: 20 });
    return {
      connection: server.connection,
      async hasRoom() {
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize >= reserve;
      },
      async close() {
        await server.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes the database of a proof that was killed, with its server. @throws DataDirInUse while a proof is under way */
export async function removeProofDatabase(dataDir: string, log: EmbeddedPostgresLog): Promise<void> {
  const folder = folderIn(dataDir);
  if ((await lstat(folder).catch(() => undefined)) === undefined) return;
  const lock = await openDataDir(folder);
  try {
    await stopLeftovers(join(folder, 'postgres'), log);
    await rm(folder, { recursive: true, force: true });
  } finally {
    await lock.close();
  }
}
