// Contacts whom the channel cannot deliver to.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** Marks contacts as unreachable since then, unless they are marked already. */
export async function markUnreachable(tx: Queryable, contacts: string[], at: Date): Promise<void> {
  await tx.query(sql`update contact c set unreachable_at = ${at} from (select id from contact
      where id = any (${contacts}::uuid[]) and deleted_at is null and unreachable_at is null order by id for update) x
    where c.id = x.id`);
}
