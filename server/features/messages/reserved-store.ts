// Messages that a stopped campaign holds: they are queued again as far as its budget pays for them.
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';

/**
 * Queues messages that a campaign holds, at most `most`, as far as `left` pays for them; null: all. Returns how many, and
 * what the first of the others costs. The caller has locked the lanes.
 */
export async function releaseReserved(
  tx: Queryable,
  campaignId: string,
  left: string | null,
  at: Date,
  most: number,
): Promise<{ released: number; needs: string | null }> {
  const args = { t: at, p_campaign: campaignId, p_left: left, p_max: most };
  const [row] = await call(tx, 'release_reserved', args);
  return { released: row?.released ?? 0, needs: row?.needs ?? null };
}
