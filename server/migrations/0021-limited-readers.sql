-- People who read only the conversations of their teams, or their own. Their requests run as recado_limited, which inherits
-- recado_api; restrictive policies take rows away from it, and cost other callers nothing. recado.reader: team or own, and
-- the person, as in own:<uuid>.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'recado_limited') then create role recado_limited nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  execute format('grant recado_limited to %I', current_user);
  grant recado_api to recado_limited;
exception when insufficient_privilege then null;
end $$;
select set_config('role', 'recado_limited', true), set_config('role', 'none', true);

create function own_reader() returns uuid language sql stable parallel safe as
  $$ select nullif(split_part(current_setting('recado.reader', true), ':', 2), '')::uuid $$;
create function reads_teams() returns boolean language sql stable parallel safe as
  $$ select current_setting('recado.reader', true) like 'team:%' $$;

create function own_teams() returns uuid[] language sql stable as
$$ select array(select m.team_id from team_member m where m.workspace_id = own_workspace() and m.person_id = own_reader()) $$;
-- For own_mentions.
create index note_mentions on note using gin (mentions) where deleted_at is null and mentions <> '{}';
-- As its owner: the notes that a person may read depend on the answer.
create function own_mentions() returns uuid[] language sql stable security definer
set search_path = recado, public, pg_temp as $$
  select array(select n.conversation_id from note n where n.workspace_id = own_workspace()
    and n.mentions @> array[own_reader()] and n.mentions <> '{}' and n.deleted_at is null) $$;

-- Whether the person of recado.reader reads a conversation: it is theirs, they gave it away within a day, it is nobody's and
-- they answered last, a note of it mentions them, or it is in the queue of one of their teams. With team: also all
-- conversations of these teams, and those of no team and nobody.
create function reads_conversation(p conversation) returns boolean language sql stable as $$
  select p.assignee_id = (select own_reader())
    or p.assigned_by = (select own_reader()) and p.assigned_at > now() - interval '1 day'
    or p.answered_by = (select own_reader()) and p.assignee_id is null
    or p.team_id = any ((select own_teams())::uuid[]) and (p.assignee_id is null or (select reads_teams()))
    or p.team_id is null and p.assignee_id is null and (select reads_teams())
    or p.id = any ((select own_mentions())::uuid[]) $$;

create policy limited on conversation as restrictive to recado_limited using (reads_conversation(conversation))
  with check (true);
create function limit_readers(p_table regclass, p_rule text) returns void language plpgsql as $$
begin
  execute format('create policy limited on %s as restrictive to recado_limited using (%s) with check (true)', p_table, p_rule);
end $$;
select limit_readers(t::regclass, 'conversation_id in (select id from conversation)')
  from unnest('{message,open_message,conversation_label,episode,conversation_change,follower,note,read_mark}'::text[]) t;
select limit_readers(t::regclass, 'message_id in (select id from message)')
  from unnest('{message_reaction,attempt,opt_out_suggestion}'::text[]) t;
select limit_readers('opt_out_ledger',
  '(proof ->> ''message_id'') is null or (proof ->> ''message_id'')::uuid in (select id from message)');
select limit_readers('media', 'message_id is null or message_id in (select id from message)');
drop function limit_readers;

-- Whether an event is about no conversation, or about one that the person may read. As its owner: an event may outlive its
-- message, whose conversation nobody knows then.
create function reads_event(p_message uuid, p_data jsonb) returns boolean language sql stable security definer
set search_path = recado, public, pg_temp as $$
  select case
    when p_message is not null then exists (select 1 from message m join conversation c on c.id = m.conversation_id
      where m.id = p_message and m.workspace_id = own_workspace() and reads_conversation(c))
    when p_data ? 'conversation_id' then (p_data ->> 'from_person_id')::uuid is not distinct from own_reader()
      or exists (select 1 from conversation c where c.id = (p_data ->> 'conversation_id')::uuid
        and c.workspace_id = own_workspace() and reads_conversation(c))
    else true end $$;

-- Each event by itself. row_id, row_message_id and about_message are of the row that it is in: ask for them too where an
-- index is to find the rows. The view has the rights of its owner, so it holds the wall itself. A request handler sees
-- the events of its workspace and accounts, and of the conversations that its caller reads.
create view logged_event as
  select e.xid, e.id + coalesce(i.n - 1, 0) as id, e.workspace_id, e.type, coalesce(e.account_id, i.account_id) as account_id,
    coalesce(e.message_id, i.message_id) as message_id, e.number, e.data, e.at,
    e.id as row_id, e.message_id as row_message_id, e.message_id is not null or e.messages is not null as about_message
  from event e
  left join lateral unnest(e.messages, e.accounts) with ordinality i(message_id, account_id, n) on true
  where (select pg_has_role('recado_engine', 'usage')) or e.workspace_id = (select own_workspace())
    and ((select every_account()) or coalesce(e.account_id, i.account_id) is null
      or coalesce(e.account_id, i.account_id) = any ((select own_accounts())::uuid[]))
    and ((select current_user) <> 'recado_limited' or reads_event(coalesce(e.message_id, i.message_id), e.data));
grant select on logged_event to recado_engine, recado_api;
