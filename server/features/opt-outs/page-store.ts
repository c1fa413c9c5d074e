// The state of a person, for the page of a link.
import type { OptOutCategory } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface PersonRow {
  /** The contact itself, or the one that it was merged into. */
  contact_id: string;
  workspace_name: string;
  phone: string | null;
  opted_out: OptOutCategory | null;
  since: Date | null;
  revocable: boolean;
}

/** The person of a link; undefined where their contact is deleted. */
export async function findLinked(
  db: Queryable,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<PersonRow | undefined> {
  const [row] = await db.query<PersonRow>(sql`
    with recursive kept as (
      select c.id, c.merged_into, c.deleted_at from contact c where c.workspace_id = ${workspaceId} and c.id = ${contactId}
      union select c.id, c.merged_into, c.deleted_at from kept k join contact c on c.id = k.merged_into)
    select k.id as contact_id, w.name as workspace_name, o.category as opted_out, o.created_at as since,
      exists (select 1 from opt_out x where x.contact_id = k.id and x.source = 'page') as revocable,
      (select x.value from contact_address x where x.contact_id = k.id and x.kind = 'phone' limit 1) as phone
    from kept k join workspace w on w.id = ${workspaceId}
    left join lateral (select o.category, o.created_at from opt_out o where o.contact_id = k.id
      order by o.category limit 1) o on true
    where k.deleted_at is null`);
  return row;
}
