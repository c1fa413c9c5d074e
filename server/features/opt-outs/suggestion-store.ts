// The table opt_out_suggestion, as people read it and decide.
import type { SuggestionState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

export interface SuggestionRow {
  id: string;
  account_id: string;
  message_id: string;
  conversation_id: string;
  contact_id: string;
  phrase: string;
  state: SuggestionState;
  decided_kind: 'person' | 'api_key' | null;
  decided_by: string | null;
  decided_at: Date | null;
  created_at: Date;
}

export interface SuggestionFilter {
  id?: string | undefined;
  contactId?: string | undefined;
  conversationId?: string | undefined;
  state?: SuggestionState | undefined;
}

// A message changes its conversation where contacts are merged.
const source = sql`opt_out_suggestion s join message m on m.id = s.message_id`;
const columns = sql`s.id, s.account_id, s.message_id, m.conversation_id, m.contact_id, s.phrase, s.state,
  s.decided_kind, s.decided_by, s.decided_at, s.created_at`;

const matching = (workspaceId: string, filter: SuggestionFilter): Fragment =>
  all([
    sql`s.workspace_id = ${workspaceId}`,
    filter.id !== undefined && sql`s.id = ${filter.id}`,
    filter.contactId !== undefined &&
      sql`m.conversation_id in (select id from conversation where contact_id = ${filter.contactId})`,
    filter.conversationId !== undefined && sql`m.conversation_id = ${filter.conversationId}`,
    filter.state !== undefined && sql`s.state = ${filter.state}`,
  ]);

/** A page of suggestions, newest first. */
export async function listSuggestions(
  db: Queryable,
  workspaceId: string,
  filter: SuggestionFilter,
  page: PageRequest,
): Promise<{ rows: SuggestionRow[]; total: number }> {
  const where = matching(workspaceId, filter);
  const rows = await db.query<SuggestionRow>(sql`select ${columns} from ${source} where ${where}
    ${page.after ? sql`and s.id < ${page.after[0]}` : sql``} order by s.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from ${source} where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** A suggestion of a message that is there. */
export async function findSuggestion(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<SuggestionRow | undefined> {
  const [row] = await db.query<SuggestionRow>(
    sql`select ${columns} from ${source} where ${matching(workspaceId, { id })}`,
  );
  return row;
}

/** Decides an open suggestion. False if it was decided before. */
export async function decideSuggestion(
  tx: Queryable,
  id: string,
  state: 'taken' | 'dismissed',
  by: { kind: 'person' | 'api_key'; id: string; at: Date },
): Promise<boolean> {
  const rows = await tx.query(sql`update opt_out_suggestion set state = ${state}, decided_kind = ${by.kind},
      decided_by = ${by.id}, decided_at = ${by.at}
    where id = ${id} and state = 'open' returning 1`);
  return rows.length > 0;
}
