-- The approval of a campaign by a second person: what it is for, and who said what.

-- changed_by: who changed its settings last; null for its creator. approval: the revision, the people, the cost and the
-- template texts that the approval is for.
alter table campaign add column changed_by jsonb, add column approval jsonb;

-- One for each time that somebody asked, approved, refused, or changed what was asked or approved. settings and name: of
-- an approved campaign, to show what changed since.
create table campaign_approval (
  id bigint generated always as identity primary key,
  campaign_id uuid not null references campaign on delete cascade,
  kind text not null check (kind in ('asked', 'approved', 'refused', 'changed')),
  by jsonb not null,
  at timestamptz not null,
  revision int not null,
  people int,
  cost jsonb,
  name text,
  settings jsonb,
  note text
);
create index campaign_approval_list on campaign_approval (campaign_id, id);
alter table campaign_approval enable row level security;
create policy engine on campaign_approval to recado_engine using (true) with check (true);
create policy api on campaign_approval to recado_api using (campaign_id in (select id from campaign))
  with check (campaign_id in (select id from campaign));
grant select, insert on campaign_approval to recado_api, recado_engine;
grant usage on sequence campaign_approval_id_seq to recado_api, recado_engine;

-- Notifications about a campaign that waits for an approval, and about a changed rule for approvals.
alter table notification add column campaign_id uuid references campaign on delete cascade,
  drop constraint notification_kind_check, add constraint notification_kind_check check (kind in ('mention',
    'handed_over', 'assigned', 'not_sent', 'snooze_over', 'message', 'followed', 'queue', 'alert', 'approval',
    'approval_rule')),
  drop constraint notification_check, add constraint notification_check check (
    num_nonnulls(conversation_id, alert_id, campaign_id) = case when kind = 'approval_rule' then 0 else 1 end);
create unique index notification_of_campaign on notification (campaign_id, person_id) where campaign_id is not null;
create unique index notification_of_approval_rule on notification (workspace_id, person_id) where kind = 'approval_rule';

-- Who was disabled approves nothing.
grant select (disabled_at) on person to recado_api;
