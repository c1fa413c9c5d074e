// Keeps the index of texts: the accept and the receive write nothing for it.
import type { Queryable } from '../../kit/db/database.ts';
import { dropTexts, type Edge, indexChanged, indexNext, oldestOpen, readEdge, settings } from './index-store.ts';

/** How long a round indexes while there is more, in milliseconds. */
const longestMs = 1_000;

/** Makes the step of a sweep that indexes what came and what was changed, and drops what nobody searches any more. */
export function keepTexts(db: Queryable, now: () => Date | null): () => Promise<void> {
  let safe = 0;
  let next: Edge | undefined;
  return async () => {
    const known = await settings(db);
    if (known.length === 0) return;
    const end = performance.now() + longestMs;
    next ??= await readEdge(db);
    if ((await oldestOpen(db)) >= next.xid) {
      safe = next.seq;
      next = await readEdge(db);
    }
    await indexChanged(db);
    for (const { workspace_id: workspaceId, is_on: isOn, done_seq: done } of known) {
      if (!isOn) await dropTexts(db, workspaceId);
      let after = done;
      for (let isWhole = isOn; isWhole && performance.now() < end; )
        ({ last: after, isWhole } = await indexNext(db, workspaceId, { after, safe: Math.max(safe, done) }, now()));
    }
  };
}
