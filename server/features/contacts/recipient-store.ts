// The facts of a recipient that a channel needs, beside the address that a message names.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

interface Recipient {
  /** E.164. */
  phone: string | undefined;
  lid: string | undefined;
  /** When the person wrote to the account for the last time. */
  wroteAt: Date | undefined;
}

/** The other addresses of the person with this one, and when they wrote; undefined if nobody has it. */
export async function findRecipient(db: Queryable, accountId: string, address: string): Promise<Recipient | undefined> {
  const [row] = await db.query<{ phone: string | null; lid: string | null; wrote_at: Date | null }>(sql`
    select max(o.value) filter (where o.kind = 'phone' and o.is_newest) as phone,
      max(o.value) filter (where o.kind = 'lid' and o.is_newest) as lid, max(v.last_received_at) as wrote_at
    from account a
    join contact_address x on x.workspace_id = a.workspace_id and x.kind = address_kind(${address}) and x.value = ${address}
    cross join lateral (select kind, value, row_number() over (partition by kind order by number desc) = 1 as is_newest
      from contact_address where contact_id = x.contact_id) o
    left join conversation v on v.account_id = a.id and v.contact_id = x.contact_id
    where a.id = ${accountId} having count(*) > 0`);
  return row && { phone: row.phone ?? undefined, lid: row.lid ?? undefined, wroteAt: row.wrote_at ?? undefined };
}
