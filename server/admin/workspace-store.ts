// The workspaces of the installation, and the removal of one with all its rows.
import pg from 'pg';

export interface WorkspaceSummary {
  /** A UUID. */
  id: string;
  name: string;
  created: Date;
  /** The e-mail addresses of its enabled owners. */
  owners: string[];
  people: number;
  accounts: number;
  /** The bytes of its files. */
  bytes: number;
}

export async function listWorkspaces(client: pg.Client): Promise<WorkspaceSummary[]> {
  const { rows } = await client.query<WorkspaceSummary>(`
    select w.id, w.name, w.created_at as created,
      array(select p.email from membership m join person p on p.id = m.person_id where m.workspace_id = w.id
        and m.role = 'owner' and m.removed_at is null and m.disabled_at is null and p.disabled_at is null
        order by p.email) as owners,
      (select count(*)::int from membership m where m.workspace_id = w.id and m.removed_at is null) as people,
      (select count(*)::int from account a where a.workspace_id = w.id and a.deleted_at is null) as accounts,
      (select coalesce(sum(c.size), 0)::float8 from media_content c where c.workspace_id = w.id) as bytes
    from workspace w order by w.created_at, w.id`);
  return rows;
}

/** How many webhooks wait in the lanes of a workspace. They may also be about others. */
export async function countUnprocessed(client: pg.Client, workspaceId: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from inbound_payload
     where processed_at is null and lane_key in (select id from account where workspace_id = $1)`,
    [workspaceId],
  );
  return rows[0]?.n ?? 0;
}

const quote = (name: string) => pg.escapeIdentifier(name);

/** A table with rows of workspaces, and how they name theirs. */
interface Part {
  table: string;
  /** True for the rows of the workspace $1. */
  rule: string;
}

/** The audit log is only ever added to; it stays. */
const kept = ['audit_entry'];

/** Rules of the tables that name their workspace by another table. */
const ruleOf: Record<string, string> = {
  workspace: 'id = $1',
  // Not by lane: the lane is that of the first number in a webhook, and the rest may be about other workspaces.
  dead_letter: 'workspace_id = $1 or payload_id in (select id from inbound_payload where workspace_id = $1)',
  ...Object.fromEntries(
    ['campaign_recipient', 'campaign_count', 'campaign_delta'].map(table => [
      table,
      'campaign_id in (select id from campaign where workspace_id = $1)',
    ]),
  ),
  attempt: 'account_id in (select id from account where workspace_id = $1)',
  refresh_token: 'session_id in (select id from session where workspace_id = $1)',
};

/** Triggers write these when other tables lose rows, so they go last. */
const counts = [
  'message_delta',
  'message_count',
  'outbound_count',
  'grouped_count',
  'message_gauge',
  'message_span',
  'list_delta',
  'list_count',
];

/** The tables in an order in which no row is deleted before the rows that refer to it. */
async function partsOf(client: pg.Client): Promise<Part[]> {
  const { rows: columns } = await client.query<{ table: string; columns: string[] }>(`
    select c.relname::text as table, array_agg(a.attname::text) as columns from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'recado'::regnamespace and c.relkind = 'r' group by 1 order by 1`);
  const { rows: keys } = await client.query<{ from: string; to: string }>(`
    select r.relname::text as from, t.relname::text as to from pg_constraint k
    join pg_class r on r.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = 'recado'::regnamespace and r.oid <> t.oid`);
  const parts = columns.flatMap(({ table, columns }): Part[] => {
    if (kept.includes(table)) return [];
    if (ruleOf[table] !== undefined) return [{ table, rule: ruleOf[table] }];
    if (columns.includes('workspace_id')) return [{ table, rule: 'workspace_id = $1' }];
    if (columns.includes('account_id'))
      return [{ table, rule: 'account_id in (select id from account where workspace_id = $1)' }];
    return [];
  });
  // Other rules read account and session, so these two outlast them.
  const before = [
    ...keys,
    ...parts.filter(({ rule }) => /from account/.test(rule)).map(({ table }) => ({ from: table, to: 'account' })),
    ...counts.flatMap(table => ['account', 'contact'].map(from => ({ from, to: table }))),
    ...counts.map(table => ({ from: table, to: 'workspace' })),
    { from: 'message', to: 'campaign_delta' },
    { from: 'campaign_delta', to: 'campaign' },
    // Triggers tell the event log of what goes.
    ...parts.flatMap(({ table }) =>
      ['event', 'workspace', ...counts].includes(table) ? [] : { from: table, to: 'event' },
    ),
    { from: 'event', to: 'workspace' },
  ];
  const sorted: Part[] = [];
  while (sorted.length < parts.length) {
    const left = parts.filter(part => !sorted.includes(part));
    const next = left.filter(
      ({ table }) => !before.some(({ from, to }) => to === table && left.some(p => p.table === from)),
    );
    if (next.length === 0) throw new Error(`tables refer to each other: ${left.map(({ table }) => table).join(', ')}`);
    sorted.push(...next);
  }
  return sorted;
}

/**
 * Deletes all rows of a workspace but its audit log, and the people who then belong to no workspace, in the caller's
 * transaction. People whom the operator disabled stay disabled. Returns how many rows of each table.
 */
export async function deleteWorkspace(
  client: pg.Client,
  workspaceId: string,
  signal: AbortSignal,
): Promise<{ table: string; rows: number }[]> {
  const gone: { table: string; rows: number }[] = [];
  const remove = async (table: string, rule: string, value: unknown) => {
    signal.throwIfAborted();
    const { rowCount } = await client.query(`delete from ${quote(table)} where ${rule}`, [value]);
    if (rowCount) gone.push({ table, rows: rowCount });
  };
  const { rows: members } = await client.query<{ id: string }>(
    'select person_id as id from membership where workspace_id = $1',
    [workspaceId],
  );
  for (const { table, rule } of await partsOf(client)) await remove(table, rule, workspaceId);
  const { rows: homeless } = await client.query<{ id: string }>(
    `select p.id from person p where p.id = any ($1) and p.disabled_at is null
      and not exists (select 1 from membership m where m.person_id = p.id)`,
    [members.map(({ id }) => id)],
  );
  for (const [table, column] of [
    ['recovery_code', 'person_id'],
    ['password_reset', 'person_id'],
    ['person', 'id'],
  ] as const)
    await remove(
      table,
      `${quote(column)} = any ($1::uuid[])`,
      homeless.map(({ id }) => id),
    );
  return gone;
}
