// The table follower: who wants to hear of a conversation that is somebody else's.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface FollowerRow {
  id: string;
  name: string;
  since: Date;
}

/** Who follows a conversation, by name. */
export const listFollowers = (db: Queryable, conversationId: string): Promise<FollowerRow[]> =>
  db.query<FollowerRow>(sql`select p.id, p.name, f.since from follower f join person p on p.id = f.person_id
    where f.conversation_id = ${conversationId} order by folded(p.name), p.id`);

/** Makes people (UUIDs) follow a conversation. Others than members, and those who follow it already, are left out. */
export async function follow(
  tx: Queryable,
  conversationId: string,
  people: readonly string[],
  now: Date | null,
): Promise<void> {
  await tx.query(sql`
    with added as (
      insert into follower (conversation_id, person_id, workspace_id, account_id, since)
      select v.id, m.person_id, v.workspace_id, v.account_id, clock(${now})
      from conversation v join membership m on m.workspace_id = v.workspace_id
      where v.id = ${conversationId} and m.person_id = any (${[...people]}::uuid[]) and m.removed_at is null
        and m.disabled_at is null
      on conflict do nothing returning *)
    select ${told('conversation.followed', now)} from added f join conversation v on v.id = f.conversation_id`);
}

/** Ends it for a person (UUID). */
export async function unfollow(tx: Queryable, conversationId: string, person: string, now: Date | null): Promise<void> {
  await tx.query(sql`
    with removed as (
      delete from follower where conversation_id = ${conversationId} and person_id = ${person} returning *)
    select ${told('conversation.unfollowed', now)} from removed f join conversation v on v.id = f.conversation_id`);
}

const told = (type: 'conversation.followed' | 'conversation.unfollowed', now: Date | null) =>
  sql`append_event(f.workspace_id, ${type}, f.account_id, jsonb_build_object(
    'conversation_id', f.conversation_id, 'contact_id', v.contact_id, 'person_id', f.person_id), clock(${now}))`;
