// The tables episode and conversation_change, which a trigger on conversation writes.
import type { ConversationChange } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { PageRequest } from '../../kit/http/routes.ts';
import { type WhoRow, who } from '../../kit/who.ts';

export interface ChangeRow {
  id: number;
  at: Date;
  kind: ConversationChange['change'];
  who: WhoRow | null;
  reason: string | null;
  /** Null also for: until the person writes. */
  until: Date | null;
  assignee: WhoRow | null;
  former: WhoRow | null;
  team: { id: string; name: string } | null;
  minutes: number | null;
  number: number | null;
}

/** A page of the changes of a conversation, newest first. */
export async function listChanges(
  db: Queryable,
  conversationId: string,
  page: PageRequest,
): Promise<{ rows: ChangeRow[]; total: number }> {
  const rows = await db.query<ChangeRow>(sql`
    select c.id, c.at, c.kind, ${who(sql`c.by`)} as who, c.reason, nullif(c.until, 'infinity') as until,
      ${who(sql`c.assignee`)} as assignee, ${who(sql`c.former`)} as former, c.minutes,
      (select jsonb_build_object('id', g.id, 'name', g.name) from team g where g.id = c.team_id) as team,
      (select number from episode e where e.id = c.episode_id) as number
    from conversation_change c where c.conversation_id = ${conversationId}
      ${page.after ? sql`and c.id < ${page.after[0]}::bigint` : sql``}
    order by c.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from conversation_change where conversation_id = ${conversationId}`,
  );
  return { rows, total: count?.total ?? 0 };
}

export interface EpisodeRow {
  id: string;
  number: number;
  opened_at: Date;
  opened_by: string | null;
  campaign: { id: string; name: string } | null;
  first_response_at: Date | null;
  responder: WhoRow | null;
  first_response_seconds: number;
  first_response_business_seconds: number | null;
  closed_at: Date | null;
  closer: WhoRow | null;
  close_reason: string | null;
}

/** A page of the episodes of a conversation, newest first. */
export async function listEpisodes(
  db: Queryable,
  conversationId: string,
  page: PageRequest,
): Promise<{ rows: EpisodeRow[]; total: number }> {
  const rows = await db.query<EpisodeRow>(sql`
    select e.id, e.number, e.opened_at, e.opened_by, e.first_response_at, e.first_response_seconds,
      e.first_response_business_seconds, e.closed_at, e.close_reason, ${who(sql`e.first_response_by`)} as responder, ${who(sql`e.closed_by`)} as closer,
      (select jsonb_build_object('id', k.id, 'name', k.name) from conversation v
        join campaign_recipient r on r.contact_id = v.contact_id join campaign k on k.id = r.campaign_id
        where v.id = e.conversation_id and r.reply_message_id = e.opened_by limit 1) as campaign
    from episode e where e.conversation_id = ${conversationId}
      ${page.after ? sql`and (e.number, e.id) < (${page.after[0]}::int, ${page.after[1]}::uuid)` : sql``}
    order by e.number desc, e.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from episode where conversation_id = ${conversationId}`,
  );
  return { rows, total: count?.total ?? 0 };
}
