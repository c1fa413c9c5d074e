// Transaction ids of another server: a copied database has them, and they must not lie in this server's future.
import pg from 'pg';
import type { Logger } from '../log.ts';

interface Table {
  table: string;
  columns: string[];
}

/** The newest id, if it lies in this server's future. Ids of the audit log follow its primary key. */
const newest = `select max(x::text::numeric)::text as newest from (
    (select xid as x from event order by xid desc limit 1) union all
    (select xid from event_listener order by xid desc limit 1) union all
    (select xid from audit_entry order by id desc limit 1)) u
  having max(x::text::numeric) >= pg_snapshot_xmax(pg_current_snapshot())::text::numeric`;

/** The tables with transaction ids, and their columns. */
const tablesQuery = `
  select c.relname::text as table, array_agg(a.attname::text) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'recado'::regnamespace and c.relkind in ('r', 'p') and a.atttypid = 'xid8'::regtype
  group by 1 order by 1`;

/**
 * Moves transaction ids into this server's past, where pg_dump, logical replication or a blue/green upgrade brought
 * them from a server with a higher counter. Readers of the event log wait for such ids, and stay silent until then.
 * All ids move by the same distance, so their order stays; the oldest ones become equal, and their row ids order them.
 * The caller holds the schema lock.
 */
export async function renumberTransactions(client: pg.Client, log?: Pick<Logger, 'warn'>): Promise<void> {
  const { rows } = await client.query<{ newest: string }>(newest);
  const last = rows[0]?.newest;
  if (last === undefined) return;
  log?.warn(
    `this database was copied from another PostgreSQL server: its transaction ids (up to ${last}) are renumbered for this one`,
  );
  const { rows: tables } = await client.query<Table>(tablesQuery);
  await client.query('begin');
  try {
    for (const { table, columns } of tables) await renumber(client, table, columns, last);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** The first id that a transaction can have. */
const firstXid = 3;

async function renumber(client: pg.Client, table: string, columns: string[], last: string): Promise<void> {
  const name = pg.escapeIdentifier(table);
  const moved = columns.map(pg.escapeIdentifier).map(column => {
    const id = `${column}::text::numeric - $1::numeric + pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1`;
    return `${column} = greatest(${id}, ${firstXid})::text::xid8`;
  });
  // The audit log refuses changes, and statistics count none of this.
  await client.query(`alter table ${name} disable trigger user`);
  await client.query(`update ${name} set ${moved.join(', ')}`, [last]);
  await client.query(`alter table ${name} enable trigger user`);
}
