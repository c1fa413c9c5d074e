-- The second wall between workspaces: request handlers run as recado_api, which sees the rows of one workspace; the
-- engine runs as recado_engine, which sees all of them and joins workspace and account in its statements.
-- Roles belong to the whole server, so another database may have made them already.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'recado_api') then create role recado_api nologin; end if;
  if not exists (select 1 from pg_roles where rolname = 'recado_engine') then create role recado_engine nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  execute format('grant recado_api, recado_engine to %I', current_user);
exception when insufficient_privilege then null;
end $$;
-- Checks the permission now: a missing one fails here, not at the first request.
select set_config('role', 'recado_api', true), set_config('role', 'recado_engine', true), set_config('role', 'none', true);

-- Within which workspace, and which of its accounts, a connection works at the moment.
create function own_workspace() returns uuid language sql stable parallel safe as
  $$ select nullif(current_setting('recado.workspace', true), '')::uuid $$;
create function every_account() returns boolean language sql stable parallel safe as
  $$ select current_setting('recado.accounts', true) = '*' $$;
create function own_accounts() returns uuid[] language sql stable parallel safe as
  $$ select case when current_setting('recado.accounts', true) = '*' then '{}' else nullif(current_setting('recado.accounts', true), '') end::uuid[] $$;

grant usage on schema recado to recado_api, recado_engine;
grant select, insert, update, delete on all tables in schema recado to recado_engine;
grant usage on sequence message_seq to recado_engine;
revoke update, delete on audit_entry, opt_out_ledger from recado_engine;
revoke all on schema_migration from recado_engine;

-- Puts a table behind the wall: p_rule says which rows a request handler sees and writes.
create function isolate_table(p_table regclass, p_rule text, p_rights text default 'select, insert, update, delete') returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('create policy engine on %s to recado_engine using (true) with check (true)', p_table);
  execute format('create policy api on %s to recado_api using (%s) with check (%2$s)', p_table, p_rule);
  execute format('grant %s on %s to recado_api', p_rights, p_table);
end $$;

select isolate_table(t::regclass, 'workspace_id = (select own_workspace())')
  from unnest('{contact,contact_address,contact_field,label,contact_label,segment,segment_member,former_address,message_batch,idempotency,invitation,api_key,membership,erasure,erased_inbound,audit_reason,opt_out,opt_out_address,opt_out_setting,opt_out_answer,contact_import,contact_import_part,contact_import_row}'::text[]) t;
select isolate_table(t::regclass, 'workspace_id = (select own_workspace()) and ((select every_account()) or account_id = any ((select own_accounts())::uuid[]))')
  from unnest('{conversation,conversation_label,message,message_reaction,open_message,message_count,outbound_count,grouped_count,latency_count,latency_delta,message_gauge,message_span,message_delta,opt_out_suggestion}'::text[]) t;
select isolate_table(t::regclass, 'workspace_id = (select own_workspace()) and ((select every_account()) or account_id is null or account_id = any ((select own_accounts())::uuid[]))')
  from unnest('{media,list_count,list_delta}'::text[]) t;
-- Rows of many may be about several accounts: a request handler reads them by the view logged_event alone.
select isolate_table('event', 'messages is null and workspace_id = (select own_workspace()) and ((select every_account()) or account_id is null or account_id = any ((select own_accounts())::uuid[]))');
create policy api_many on event for insert to recado_api with check (messages is not null and workspace_id = (select own_workspace())
  and ((select every_account()) or account_id = any ((select own_accounts())::uuid[]) or accounts <@ (select own_accounts())::uuid[]));
grant usage on sequence event_id_seq to recado_engine, recado_api;
select isolate_table('meta_app', 'workspace_id = (select own_workspace())', 'select (id, workspace_id, app_id, name, created_at, changed_at), insert, update');
select isolate_table('account', 'workspace_id = (select own_workspace()) and ((select every_account()) or id = any ((select own_accounts())::uuid[]))');
select isolate_table(t::regclass, 'account_id in (select id from account)')
  from unnest('{daily_usage,daily_received,attempt,orphan_receipt,applied_signal,read_mark}'::text[]) t;
-- Of a caller who is limited to some accounts, the templates that these can send.
select isolate_table('template', 'workspace_id = (select own_workspace()) and ((select every_account()) or business_id in (select business_id from account))');
select isolate_table('template_change', 'workspace_id = (select own_workspace()) and template_id in (select id from template)');
select isolate_table('media_content', 'workspace_id = (select own_workspace())');
-- Merged by the engine alone.
select isolate_table('contact_merge', 'workspace_id = (select own_workspace())', 'select');
select isolate_table('media_conversion', 'workspace_id = (select own_workspace())', 'select');
-- Written by the watchdog alone.
select isolate_table('delivery_watch', 'workspace_id = (select own_workspace())', 'select');
select isolate_table('media_upload', 'account_id in (select id from account)');
select isolate_table('lane', 'account_id in (select id from account)');
-- Not the credentials of a session: only its gateway reads them, as the engine.
select isolate_table('web_session', 'account_id in (select id from account)',
  'select (account_id, workspace_id, state, reason, cause, since, wants, link_starts, code, phone, linked_at, consented_at, fence, holder, lease_until, open_at), insert, update');
select isolate_table('web_session_key', 'account_id in (select id from account)', 'select, delete');
select isolate_table('workspace', 'id = (select own_workspace())', 'select, update');
-- Not the password and the second factor: only logins read them, as the engine.
select isolate_table('person', 'id in (select person_id from membership)', 'select (id, email, name, totp_confirmed_at)');
select isolate_table('password_reset', 'person_id in (select person_id from membership)', 'select, delete');
select isolate_table('session', 'workspace_id = (select own_workspace())', 'select, update');
select isolate_table('request', 'workspace_id = (select own_workspace()) and (select every_account())', 'select');
select isolate_table('audit_entry', 'workspace_id = (select own_workspace())', 'select, insert');
select isolate_table('opt_out_ledger', 'workspace_id = (select own_workspace()) and ((select every_account()) or account_id is null or account_id = any ((select own_accounts())::uuid[]))', 'select, insert');
select isolate_table('dead_letter', 'workspace_id = (select own_workspace()) and ((select every_account()) or account_id = any ((select own_accounts())::uuid[]))',
  'select');
-- What is not read yet, for the metrics of the queue, and what is all about the workspace. raw_webhook() shows what it says.
select isolate_table('inbound_payload', 'processed_at is null and lane_key in (select id from account) or workspace_id = (select own_workspace()) and (select every_account())',
  'select (id, public_id, app, lane_key, received_at, processed_at, workspace_id)');
-- Of a caller who is limited to some accounts, the campaigns that these alone send.
select isolate_table('campaign', 'workspace_id = (select own_workspace()) and ((select every_account()) or account_ids <@ (select own_accounts())::uuid[])');
select isolate_table('campaign_recipient', 'campaign_id in (select id from campaign) and (account_id is null or account_id in (select id from account))');
select isolate_table('campaign_count', 'campaign_id in (select id from campaign)', 'select, delete');
select isolate_table('campaign_delta', 'campaign_id in (select id from campaign)', 'select, insert, delete');
select isolate_table('campaign_setting', 'workspace_id = (select own_workspace())');
-- Of a caller who is limited to some accounts, the wall views of these alone.
select isolate_table('wall_view', 'workspace_id = (select own_workspace()) and ((select every_account()) or accounts <@ (select own_accounts())::uuid[])');
-- Nothing of anybody's: which processes are alive.
grant select on worker to recado_api;
drop function isolate_table;
-- Nothing of anybody's either.
grant select on installation_setting to recado_api;
grant select on function_set to recado_api;
