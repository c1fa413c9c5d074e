-- The work on conversations: its stretches, and what somebody did to a conversation.

-- A stretch of work on a conversation. It begins with the first message of the person after a close, or with one of ours that a
-- person wrote, and ends with the close. opened_by: that message, or null. first_response: to the message that waited.
-- first_response_business_seconds: of them those in the hours of the team; null where it had none.
create table episode (
  id uuid primary key,
  workspace_id uuid not null,
  account_id uuid not null,
  conversation_id uuid not null references conversation on delete cascade,
  number int not null,
  opened_at timestamptz not null,
  opened_by uuid,
  first_response_at timestamptz,
  first_response_by uuid,
  first_response_seconds int,
  first_response_business_seconds int,
  closed_at timestamptz,
  closed_by uuid,
  close_reason text
) with (fillfactor = 80);
create index episode_conversation on episode (conversation_id, number);

-- What became of a conversation, for the lines in its thread. by: the person or the API key. reason: what opened it, or
-- why it was closed, or why it was given. until: of a snooze. assignee: whose it became; null for nobody's; former: whose it
-- was. team_id: the team that it came to. minutes: how long the former assignee had to answer.
create table conversation_change (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  account_id uuid not null,
  conversation_id uuid not null references conversation on delete cascade,
  at timestamptz not null,
  kind text not null check (kind in ('closed', 'snoozed', 'reopened', 'assigned')),
  by uuid,
  reason text,
  until timestamptz,
  assignee uuid,
  former uuid,
  team_id uuid,
  minutes int,
  episode_id uuid
);
create index conversation_change_thread on conversation_change (conversation_id, id);

-- Who wants to hear of a conversation that is somebody else's.
create table follower (
  conversation_id uuid not null references conversation on delete cascade,
  person_id uuid not null references person,
  workspace_id uuid not null,
  account_id uuid not null,
  since timestamptz not null,
  primary key (conversation_id, person_id)
);
create index follower_person on follower (workspace_id, person_id);

-- Follows the assignee and the team of a conversation: a line in its thread, and an event.
create function follow_assignee() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into conversation_change (workspace_id, account_id, conversation_id, at, kind, by, reason, assignee, former, team_id,
      minutes, episode_id)
    values (new.workspace_id, new.account_id, new.id, new.assigned_at, 'assigned', new.assigned_by, new.assign_reason,
      new.assignee_id, old.assignee_id, case when new.team_id is distinct from old.team_id then new.team_id end,
      case new.assign_reason when 'no_answer' then (select coalesce(
        business_seconds(g.hours, old.assigned_at, old.reassign_due_at),
        extract(epoch from old.reassign_due_at - old.assigned_at)) / 60 from team g where g.id = old.team_id) end,
      new.episode_id);
  perform append_event(new.workspace_id, 'conversation.assigned', new.account_id, jsonb_build_object(
    'conversation_id', new.id, 'contact_id', new.contact_id, 'episode_id', new.episode_id, 'reason', new.assign_reason,
    'from_person_id', case old.assignee_kind when 'person' then old.assignee_id end,
    'from_api_key_id', case old.assignee_kind when 'bot' then old.assignee_id end,
    'to_person_id', case new.assignee_kind when 'person' then new.assignee_id end,
    'to_api_key_id', case new.assignee_kind when 'bot' then new.assignee_id end,
    'from_team_id', old.team_id, 'to_team_id', new.team_id,
    'person_id', (select id from person where id = new.assigned_by),
    'api_key_id', (select id from api_key where id = new.assigned_by)), new.assigned_at);
  return null;
end $$;
create trigger conversation_assigned after update on conversation for each row
  when ((old.assignee_id, old.team_id) is distinct from (new.assignee_id, new.team_id)) execute function follow_assignee();

-- Who leaves the workspace, or may do nothing in it any more, has and follows no conversation. The row of the
-- availability goes first: who gives out conversations holds it.
create function leave_conversations() returns trigger language plpgsql as $$
begin
  delete from availability where workspace_id = old.workspace_id and person_id = (to_jsonb(old) ->> tg_argv[0])::uuid;
  delete from follower where workspace_id = old.workspace_id and person_id = (to_jsonb(old) ->> tg_argv[0])::uuid;
  update conversation set assignee_kind = null, assignee_id = null, assigned_at = clock_timestamp(), assigned_by = null,
      assign_reason = 'left'
    where workspace_id = old.workspace_id and assignee_id = (to_jsonb(old) ->> tg_argv[0])::uuid;
  return null;
end $$;
create trigger membership_left after update of removed_at, disabled_at on membership for each row
  when (coalesce(old.removed_at, old.disabled_at) is null and coalesce(new.removed_at, new.disabled_at) is not null)
  execute function leave_conversations('person_id');
create trigger membership_ended after delete on membership for each row
  execute function leave_conversations('person_id');
create trigger api_key_left after update of revoked_at on api_key for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function leave_conversations('id');

-- Follows the state of a conversation: begins and ends its episodes, times the answer that a person waited for, and tells.
-- The first episode of a conversation is no line of its thread, and its event is that of the person's message.
create function follow_conversation() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
declare kind text := case new.state when 'open' then 'reopened' else new.state end;
begin
  if new.episode_id is distinct from old.episode_id then
    insert into episode (id, workspace_id, account_id, conversation_id, number, opened_at, opened_by)
      select new.episode_id, new.workspace_id, new.account_id, new.id,
        1 + coalesce((select max(number) from episode where conversation_id = new.id), 0), new.state_since,
        case when new.state_reason in ('received', 'sent') then new.episode_id end
      on conflict (id) do nothing;
  end if;
  if new.state = 'closed' and old.state <> 'closed' then
    update episode set closed_at = new.state_since, closed_by = new.state_by, close_reason = new.state_reason
      where id = new.episode_id;
  elsif old.state = 'closed' and new.state <> 'closed' and new.episode_id = old.episode_id then
    update episode set closed_at = null, closed_by = null, close_reason = null where id = new.episode_id;
  end if;
  if old.waiting_since is not null and new.waiting_since is null and old.state <> 'closed'
    and new.answered_at is distinct from old.answered_at then
    insert into latency_delta (workspace_id, stage, hour, account_id, bucket, n)
      select new.workspace_id, w.stage, counted_hour(old.waiting_since), new.account_id, counted_bucket(w.took), 1
      from (select 'response', new.answered_at - old.waiting_since
        union all select 'response_hours', make_interval(secs => business_seconds(g.hours, old.waiting_since, new.answered_at))
          from team g where g.id = new.team_id and g.hours is not null) w(stage, took);
    update episode set first_response_at = new.answered_at, first_response_by = new.answered_by,
        first_response_seconds = extract(epoch from new.answered_at - old.waiting_since),
        first_response_business_seconds = (select business_seconds(g.hours, old.waiting_since, new.answered_at)
          from team g where g.id = new.team_id)
      where id = new.episode_id and first_response_at is null;
  end if;
  if (old.state, old.snoozed_until) is not distinct from (new.state, new.snoozed_until) then return null; end if;
  if old.episode_id is not null then
    insert into conversation_change (workspace_id, account_id, conversation_id, at, kind, by, reason, until, episode_id)
      values (new.workspace_id, new.account_id, new.id, new.state_since, kind, new.state_by, new.state_reason,
        new.snoozed_until, new.episode_id);
  end if;
  if old.episode_id is not null or new.state_reason <> 'received' then
    perform append_event(new.workspace_id, 'conversation.' || kind, new.account_id, jsonb_build_object(
      'conversation_id', new.id, 'contact_id', new.contact_id, 'episode_id', new.episode_id, 'reason', new.state_reason,
      'until', to_char(nullif(new.snoozed_until, 'infinity') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'person_id', (select id from person where id = new.state_by),
      'api_key_id', (select id from api_key where id = new.state_by)), new.state_since);
  end if;
  return null;
end $$;
create trigger conversation_followed after update on conversation for each row
  when ((old.state, old.snoozed_until, old.episode_id) is distinct from (new.state, new.snoozed_until, new.episode_id)
    or old.waiting_since is not null and old.answered_at is distinct from new.answered_at)
  execute function follow_conversation();

-- A message that a person wrote, and that did not reach anybody for sure, opens its conversation again.
create function reopen_failed() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if not exists (select 1 from added where status in ('failed', 'unknown') and direction = 'outbound'
    and campaign_id is null) then return null; end if;
  update conversation v set state = 'open', state_since = clock_timestamp(), state_by = null, state_reason = 'not_sent'
    where v.state = 'closed' and v.episode_id is not null and v.id = any (array(
      select c.id from conversation c where c.id in (
        select a.conversation_id from added a join removed r on r.id = a.id join person p on p.id = a.created_by
        where a.status in ('failed', 'unknown') and r.status <> a.status and a.direction = 'outbound'
          and a.campaign_id is null)
      order by c.id for update));
  return null;
end $$;
create trigger message_not_sent after update on message referencing old table as removed new table as added
  for each statement execute function reopen_failed();

grant select, insert, update, delete on episode, conversation_change, follower to recado_engine;
grant usage on sequence conversation_change_id_seq to recado_engine, recado_api;
do $$
declare t text;
begin
  foreach t in array '{episode,conversation_change,follower}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t,
      'workspace_id = (select own_workspace()) and ((select every_account()) or account_id = any ((select own_accounts())::uuid[]))');
    execute format('grant select, insert, update, delete on %I to recado_api', t);
  end loop;
end $$;
