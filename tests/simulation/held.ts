// Messages that are held until somebody outside does something: at the end that happens, so that all of them leave.
import { changeTemplate, lockTemplate } from '../../server/features/templates/store.ts';
import { isUnavailable } from '../../server/kit/db/database.ts';
import { sql } from '../../server/kit/db/sql.ts';
import type { Node } from './node.ts';
import type { Played, Template } from './played.ts';
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

/** For how long templates stay paused once nothing else happens: their messages must not be called again and again. */
const pausedMs = 1_200_000;

/** The channel pauses or approves a template, of which one process is told. */
export function turnTemplate({ world, meta }: Played, node: Node, template: Template, isPaused: boolean): void {
  const { id, workspaceId, name } = template;
  world.trace.push(`the template ${name} is ${isPaused ? 'paused' : 'approved'}`);
  if (isPaused) meta.pausedTemplates.add(name);
  else meta.pausedTemplates.delete(name);
  const now = world.clockOf(node).sqlNow();
  const change = world.committed(
    node,
    'change a template',
    async tx => {
      const row = await lockTemplate(tx, workspaceId, id);
      if (row) await changeTemplate(tx, row, { status: isPaused ? 'PAUSED' : 'APPROVED', reason: null }, now);
    },
    () => {},
  );
  // Where it dies meanwhile, the calls tell.
  change.catch(error => {
    if (!isUnavailable(error)) throw error;
  });
}

/** Has all templates approved after a while. Gives whether any was not. */
export async function approveTemplates(played: Played, node: Node, quietSince: number): Promise<boolean> {
  const { world, meta, templates, accounts, complaints } = played;
  if (templates.length === 0) return false;
  const rows = await world.database.query<{ id: string; status: string; late: boolean }>(sql`
    select t.id, t.status, t.status = 'APPROVED' and t.applied_version = t.version and exists (select 1
      from open_message o join message m on m.id = o.id where o.account_id = any (${uuidsOf(accounts)})
        and o.state = 'held' and o.wait_reason = 'template_paused' and m.content->>'name' = t.name) as late
    from template t where t.id = any (${templates.map(({ id }) => id)}::uuid[])`);
  if (rows.some(({ late }) => late)) complaints.push('a message is held for a template that is not paused');
  if (world.elapsedMs - quietSince < pausedMs) return false;
  const paused = templates.filter(
    ({ id, name }) => meta.pausedTemplates.has(name) || rows.some(row => row.id === id && row.status !== 'APPROVED'),
  );
  for (const template of paused) turnTemplate(played, node, template, false);
  return paused.length > 0;
}
