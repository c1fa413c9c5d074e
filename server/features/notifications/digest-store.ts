// Of the table notification, the mentions that go out by e-mail because their person has not read them.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { nameOfContact } from './store.ts';

export interface MentionRow {
  id: string;
  /** The name of the person who wrote the note; null where it was a program. */
  by: string | null;
  /** The contact's name, number or username. */
  name: string | null;
  sees_numbers: boolean;
}

/** The people with a letter that is due, each as workspace and person with a space between. */
export async function duePeople(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db.query<{ key: string }>(sql`select distinct workspace_id || ' ' || person_id as key
    from notification where mail_at <= ${now} and read_at is null limit 1000`);
  return rows.map(({ key }) => key);
}

/**
 * Takes the due mentions of a person. A letter whose worker dies is not sent again. Mentions in accounts that the person
 * may not use any more are dropped.
 */
export const takeDue = (db: Queryable, workspaceId: string, personId: string, now: Date): Promise<MentionRow[]> =>
  db.query<MentionRow>(sql`with taken as (
      update notification set mail_at = null where id = any (array(select id from notification
        where workspace_id = ${workspaceId} and person_id = ${personId} and mail_at <= ${now} and read_at is null
        order by id for update skip locked))
      returning *)
    select n.id, (select p.name from person p where p.id = n.by) as by, ${nameOfContact} as name,
      m.sees_numbers
    from taken n join membership m on m.workspace_id = n.workspace_id and m.person_id = n.person_id
    where m.accounts is null or n.account_id = any (m.accounts)
    order by n.at, n.id`);

/** Makes these mentions due at `at`, if they are still unread. */
export async function postpone(db: Queryable, mentions: readonly MentionRow[], at: Date): Promise<void> {
  await db.query(sql`update notification set mail_at = ${at}
    where id = any (${mentions.map(({ id }) => id)}::uuid[]) and read_at is null`);
}

/** The address of a member and the name of the workspace; undefined where the person may not enter it. */
export async function findReader(
  db: Queryable,
  workspaceId: string,
  personId: string,
): Promise<{ email: string; workspace: string } | undefined> {
  const [row] = await db.query<{ email: string; workspace: string }>(sql`select p.email, w.name as workspace
    from membership m join person p on p.id = m.person_id join workspace w on w.id = m.workspace_id
    where m.workspace_id = ${workspaceId} and m.person_id = ${personId} and m.removed_at is null
      and m.disabled_at is null and p.disabled_at is null`);
  return row;
}
