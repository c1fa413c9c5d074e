// Reads who has conversations with the account of the demo.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo } from '../../kit/http/routes.ts';

export interface DemoContact {
  id: string;
  name: string | null;
  phone: string | null;
  conversation_id: string;
  /** With the account of the demo. */
  messages: number;
  /** Whether the contact has conversations with other accounts. */
  elsewhere: boolean;
}

/** The contacts of an account, with their conversations there: the oldest first, counted to 10,001. */
export const contactsOf = (db: Queryable, accountId: string): Promise<DemoContact[]> =>
  db.query(sql`
    select c.id, c.name, v.id as conversation_id,
      (select x.value from contact_address x where x.contact_id = c.id and x.kind = 'phone' order by x.number desc limit 1) as phone,
      (select count(*) from (select 1 from message m where m.conversation_id = v.id limit ${countedTo + 1}) m)::int as messages,
      exists (select 1 from conversation o where o.contact_id = c.id and o.account_id <> v.account_id) as elsewhere
    from conversation v join contact c on c.id = v.contact_id
    where v.account_id = ${accountId} order by v.created_at, v.id limit ${countedTo + 1}`);
