// What news are about: conversations, messages and alerts with whom they concern, and the table notification, where news go.
import { type NotificationKind, notificationKinds } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';
import type { SettingRow } from './notification.ts';

/** A conversation, with what decides who hears of it. */
export interface SubjectRow {
  id: string;
  workspace_id: string;
  account_id: string;
  unread: boolean;
  episode_id: string | null;
  assignee_kind: 'person' | 'bot' | null;
  assignee_id: string | null;
  /** The members of its team, or of the team of its account, to which it comes soon; null where there is none. */
  team: string[] | null;
  /** Who follows it and may read it, since when. */
  followers: { id: string; since: string }[];
}

export interface NewsMessageRow {
  id: string;
  conversation_id: string;
  direction: 'outbound' | 'inbound';
  type: string;
  status: string;
  group_id: string | null;
  campaign_id: string | null;
  created_by: string | null;
}

/** These messages, in no order. Deleted ones are missing. */
export const messagesOf = (db: Queryable, ids: readonly string[]): Promise<NewsMessageRow[]> =>
  db.query<NewsMessageRow>(sql`select id, conversation_id, direction, type, status, group_id, campaign_id, created_by
    from message where id = any (${[...ids]}::uuid[])`);

/** These conversations, in no order. */
export const subjectsOf = (db: Queryable, ids: readonly string[]): Promise<SubjectRow[]> =>
  db.query<SubjectRow>(sql`select c.id, c.workspace_id, c.account_id, c.unread, c.episode_id, c.assignee_kind,
      c.assignee_id, case when g.id is not null
        then array(select t.person_id from team_member t where t.team_id = g.id) end as team,
      coalesce((select jsonb_agg(jsonb_build_object('id', f.person_id, 'since', f.since))
        from follower f join membership m on m.workspace_id = f.workspace_id
        and m.person_id = f.person_id where f.conversation_id = c.id and (m.conversations = 'all'
          or c.assignee_id = f.person_id or c.assigned_by = f.person_id and c.assigned_at > now() - interval '1 day'
          or c.assignee_id is null and c.answered_by = f.person_id
          or (c.assignee_id is null or m.conversations = 'team') and exists (select 1 from team_member t
            where t.team_id = c.team_id and t.person_id = f.person_id)
          or c.team_id is null and c.assignee_id is null and m.conversations = 'team'
          or exists (select 1 from note n where n.conversation_id = c.id and n.mentions @> array[f.person_id]
            and n.mentions <> '{}' and n.deleted_at is null))), '[]') as followers
    from conversation c left join team_account a on a.account_id = c.account_id
    left join team g on g.id = coalesce(c.team_id, a.team_id) and g.deleted_at is null
    where c.id = any (${[...ids]}::uuid[])`);

/** A member of a workspace, with how they want to hear of things. */
export interface MemberRow {
  workspace_id: string;
  person_id: string;
  /** Viewers may not. */
  answers: boolean;
  /** Whether they read conversations of nobody that have no team. */
  reads_queue: boolean;
  accounts: string[] | null;
  kinds: SettingRow['kinds'] | null;
}

/** The members of these workspaces. */
export const membersOf = (db: Queryable, workspaces: readonly string[]): Promise<MemberRow[]> =>
  db.query<MemberRow>(sql`select m.workspace_id, m.person_id, m.role <> 'viewer' as answers,
      m.conversations <> 'own' as reads_queue, m.accounts, s.kinds
    from membership m join person p on p.id = m.person_id
    left join notification_setting s on s.workspace_id = m.workspace_id and s.person_id = m.person_id
    where m.workspace_id = any (${[...workspaces]}::uuid[]) and m.removed_at is null and m.disabled_at is null
      and p.disabled_at is null`);

export interface AlertReaderRow {
  id: string;
  workspace_id: string;
  account_id: string | null;
  person_id: string;
}

/** Whom these alerts tell in the app: the people of the rule, else owners and admins. Not of muted ones. */
export const alertReaders = (db: Queryable, ids: readonly string[], now: Date): Promise<AlertReaderRow[]> =>
  db.query<AlertReaderRow>(sql`select a.id, a.workspace_id, a.account_id, m.person_id
    from alert a left join alert_rule r on r.id = a.rule_id
    left join alert_channel c on c.workspace_id = a.workspace_id and c.kind = 'app'
    join membership m on m.workspace_id = a.workspace_id and m.removed_at is null and m.disabled_at is null
      and case when r.people is null then m.role in ('owner', 'admin') else m.person_id = any (r.people) end
      and (m.accounts is null or a.account_id is null or a.account_id = any (m.accounts))
    where a.id = any (${[...ids]}::uuid[]) and a.cleared_at is null and a.taken_at is null
      and (c.id is null or c.enabled and a.severity = any (c.tells))
      and (a.muted_until is null or a.muted_until <= ${now})`);

/** Somebody is told of something. */
export interface Tells {
  tells: NotificationKind;
  at: Date;
  workspaceId: string;
  personId: string;
  accountId: string | null;
  conversationId: string | null;
  alertId: string | null;
  campaignId: string | null;
  messageId: string | null;
  by: string | null;
  /** When it goes out by e-mail, if nobody has read it by then. */
  mailAt: Date | null;
}

/** These kinds are no news any more: for everybody, for one person, or for all but one. */
export interface Ends {
  ends: readonly NotificationKind[];
  /** A conversation, an alert or a campaign. */
  about: string;
  of?: string | undefined;
  butOf?: string | undefined;
}

export type News = Tells | Ends;

/** Applies news in the order of the log. */
export async function applyNews(tx: Queryable, news: readonly News[], now: Date): Promise<void> {
  for (const group of inGroups(news)) {
    const tells = group.filter(one => 'tells' in one);
    if (tells.length > 0) await tell(tx, tells);
    else await end(tx, group as Ends[], now);
  }
}

/** News that one statement applies: several that end alike, or that tell of different things. */
function inGroups(news: readonly News[]): News[][] {
  const groups: { alike: string; seen: Set<string>; news: News[] }[] = [];
  for (const one of news) {
    const tells = 'tells' in one;
    const alike = tells ? 'tells' : JSON.stringify([one.ends, one.of, one.butOf]);
    const key = tells
      ? `${one.personId} ${one.conversationId ?? one.alertId ?? one.campaignId ?? one.workspaceId}`
      : '';
    const last = groups.at(-1);
    if (last?.alike === alike && !(tells && last.seen.has(key))) {
      last.news.push(one);
      last.seen.add(key);
    } else groups.push({ alike, seen: new Set([key]), news: [one] });
  }
  return groups.map(group => group.news);
}

const columns = sql`id, workspace_id, person_id, account_id, conversation_id, alert_id, campaign_id, kind, message_id, by,
  at, mail_at`;
const order = sql`${[...notificationKinds]}::text[]`;
const isPressing = sql`n.read_at is null and array_position(${order}, n.kind) < array_position(${order}, excluded.kind)`;
/** To be given a conversation that one was told of is no second piece of news. */
const isGiven = sql`excluded.kind in ('assigned', 'handed_over')`;
/** Begins what was read anew, and raises the count of what was not. The most pressing kind stays. */
const change = sql`do update set count = case when n.read_at is not null then 1 when ${isGiven} then n.count else n.count + 1 end,
  kind = case when ${isPressing} then n.kind else excluded.kind end,
  by = case when ${isPressing} then n.by else excluded.by end,
  message_id = coalesce(excluded.message_id, n.message_id), account_id = excluded.account_id,
  mail_at = case when n.read_at is null then coalesce(n.mail_at, excluded.mail_at) else excluded.mail_at end,
  at = excluded.at, read_at = null, seq = nextval('notification_seq')`;

async function tell(tx: Queryable, news: readonly Tells[]): Promise<void> {
  const rows = news.map(one => ({
    id: newUuid(one.at.getTime()),
    workspace_id: one.workspaceId,
    person_id: one.personId,
    account_id: one.accountId,
    conversation_id: one.conversationId,
    alert_id: one.alertId,
    campaign_id: one.campaignId,
    kind: one.tells,
    message_id: one.messageId,
    by: one.by,
    at: one.at,
    mail_at: one.mailAt,
  }));
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) x(id uuid, workspace_id uuid, person_id uuid,
    account_id uuid, conversation_id uuid, alert_id uuid, campaign_id uuid, kind text, message_id uuid, by uuid, at timestamptz,
    mail_at timestamptz)`;
  // Its subject may be gone.
  await tx.query(sql`insert into notification as n (${columns}) select ${columns} from ${given}
    where exists (select 1 from conversation v where v.id = x.conversation_id) order by conversation_id, person_id
    on conflict (conversation_id, person_id) where conversation_id is not null ${change}`);
  await tx.query(sql`insert into notification as n (${columns}) select ${columns} from ${given}
    where exists (select 1 from alert a where a.id = x.alert_id) order by alert_id, person_id
    on conflict (alert_id, person_id) where alert_id is not null ${change}`);
  await tx.query(sql`insert into notification as n (${columns}) select ${columns} from ${given}
    where exists (select 1 from campaign c where c.id = x.campaign_id) order by campaign_id, person_id
    on conflict (campaign_id, person_id) where campaign_id is not null ${change}`);
  await tx.query(sql`insert into notification as n (${columns}) select ${columns} from ${given}
    where kind = 'approval_rule' order by workspace_id, person_id
    on conflict (workspace_id, person_id) where kind = 'approval_rule' ${change}`);
}

async function end(tx: Queryable, news: readonly Ends[], now: Date): Promise<void> {
  const [first] = news;
  if (!first) return;
  const about = news.map(one => one.about);
  await tx.query(sql`update notification set read_at = ${now}, seq = nextval('notification_seq')
    where id = any (array(select id from notification where (conversation_id = any (${about}::uuid[])
        or alert_id = any (${about}::uuid[]) or campaign_id = any (${about}::uuid[])) and read_at is null and kind = any (${[...first.ends]}::text[])
        and person_id = coalesce(${first.of ?? null}::uuid, person_id)
        and person_id is distinct from ${first.butOf ?? null}::uuid
      order by id for update))`);
}
