// Nothing is left of people that were erased, and nothing comes of them afterwards.
import { sql } from '../../../server/kit/db/sql.ts';
import type { Played } from '../played.ts';
import { uuidsOf } from '../rows.ts';

/** What is left of people that were erased, and what came of it afterwards. */
export async function leftOfErased({ world, meta, accounts, erasures, clockSet }: Played): Promise<string[]> {
  const broken: string[] = [];
  for (const [contact, { person, messages, calls, received }] of erasures) {
    const [row] = await world.database.query<{
      ended: boolean;
      left: string[];
    }>(sql`
      select e.erased_at is not null as ended,
        array(select 'message' from message where id = any (${[...messages]}::uuid[])
          union all select 'message written to us' from message where channel_message_id = any (${[...received]}::text[])
            and account_id = any (${uuidsOf(accounts)}) and address = ${person}
          union all select 'open message' from open_message where id = any (${[...messages]}::uuid[])
          union all select 'attempt' from attempt where message_id = any (${[...messages]}::uuid[])
          union all select 'event' from event where message_id = any (${[...messages]}::uuid[])
          union all select 'row of events' from event where not exists (select 1 from message where id = any (event.messages))
            and messages && ${[...messages]}::uuid[]
          union all select 'conversation' from conversation where contact_id = any (e.contacts)
          union all select 'address' from contact_address where contact_id = any (e.contacts)
          union all select 'hash of an address' from former_address where contact_id = any (e.contacts)
          union all select 'name' from contact where id = any (e.contacts) and name is not null
          union all select 'place to look for' from unnest(e.addresses)) as left
      from erasure e where e.contact_id = ${contact}`);
    if (!row) continue;
    if (!row.ended) {
      broken.push(`${person} was to be erased, and it does not end`);
      continue;
    }
    for (const what of new Set(row.left)) broken.push(`${person} was erased, and there is a ${what} left`);
    const after = meta.arrivals.filter(({ token, at, late }) => !late && at > (calls.get(token)?.at ?? at));
    if (!clockSet && after.length > 0) broken.push(`${person} was erased, and called for that afterwards`);
  }
  return broken;
}
