// Messages that are held until somebody outside does something: at the end that happens, so that all of them leave.
import { sql } from '../../server/kit/db/sql.ts';
import type { Played } from './played.ts';
import { uuidsOf } from './rows.ts';

/** Has those write for whose window messages are held. Gives whether there are any. */
export async function letPeopleWrite({ world, accounts, meta, complaints }: Played): Promise<boolean> {
  const held = await world.database.query<{ number: string; address: string; open: boolean }>(sql`
    select distinct a.phone_number_id as number, m.address,
      window_open(v.last_received_at, v.last_called_at, ${new Date(world.now())}) as open
    from open_message o join message m on m.id = o.id join account a on a.id = o.account_id
      join conversation v on v.id = o.conversation_id
    where o.account_id = any (${uuidsOf(accounts)}) and o.state = 'held' and o.wait_reason = 'window_closed' order by 1, 2`);
  const closed = held.filter(({ open }) => !open);
  if (closed.length < held.length) complaints.push('a message is held for a window that is open');
  for (const { number, address } of closed) meta.write(number, address);
  return closed.length > 0;
}
