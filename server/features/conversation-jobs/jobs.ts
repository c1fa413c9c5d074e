// Runs jobs on conversations, piece by piece.
import type { Database } from '../../kit/db/database.ts';
import { jobPiece, openJobs, runPiece } from './store.ts';

/** How many pieces a sweep does, so that it does not delay others for long. */
const pieces = 4;

/** Goes on with the jobs that have work. Each piece is a transaction: one that a crash ends is done again. */
export async function runJobs(db: Database, now: () => Date | null): Promise<void> {
  let left = pieces;
  for (const id of await openJobs(db))
    for (let handled = jobPiece; handled === jobPiece && left > 0; left--)
      handled = (await db.transaction(tx => runPiece(tx, id, now()))) ?? 0;
}
