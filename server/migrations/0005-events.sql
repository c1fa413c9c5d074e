-- The event log: facts about contacts, accounts, templates and opt-outs, and the indexes of its readers. The functions
-- of messages write their own events.

-- For readers of one workspace.
create index event_workspace on event (workspace_id, xid, id);
-- For deleting old events that are no timeline.
create index event_other on event (at)
  where message_id is null and messages is null and type <> 'account.notice_received';

-- For erasing what endpoints answered to them, and for readers of what became of one.
create index event_contact on event (workspace_id, (data ->> 'contact_id')) where message_id is null and messages is null;
create index event_conversation on event (workspace_id, (data ->> 'conversation_id'))
  where message_id is null and messages is null;

-- Appends a fact that is about no message, in the transaction of the fact. p_data: ids as the API shows them are made by
-- the reader, so the ids here are UUIDs.
create function append_event(p_workspace uuid, p_type text, p_account uuid, p_data jsonb, p_at timestamptz) returns void
language sql volatile as $$
  insert into event (workspace_id, type, account_id, data, at) values (p_workspace, p_type, p_account, p_data, p_at) $$;

-- Whether the rows of a transaction change without events of their own: an import writes a few about itself.
create function is_quiet() returns boolean language sql stable as
  $$ select coalesce(current_setting('recado.quiet', true), '') = 'on' $$;

create function contact_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'contact.' || tg_argv[0], null, jsonb_build_object('contact_id', new.id),
    new.updated_at);
  return null;
end $$;
create trigger contact_created_event after insert on contact for each row
  when (new.deleted_at is null and not is_quiet()) execute function contact_event('created');
create trigger contact_updated_event after update on contact for each row
  when (new.deleted_at is null and old.deleted_at is null and ((old.name, old.reference, old.metadata, old.language,
    old.unreachable_at) is distinct from (new.name, new.reference, new.metadata, new.language, new.unreachable_at)
    -- Where a field is removed from all contacts, its own event tells.
    or old.fields is distinct from new.fields and old.updated_at <> new.updated_at) and not is_quiet())
  execute function contact_event('updated');
-- A merged one has an event of its own.
create trigger contact_deleted_event after update on contact for each row
  when (old.deleted_at is null and new.deleted_at is not null and new.merged_into is null and not is_quiet())
  execute function contact_event('deleted');

create function contact_field_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'contact_field.' || tg_argv[0], null,
    jsonb_build_object('contact_field_id', new.id, 'key', new.key), clock_timestamp());
  return null;
end $$;
create trigger contact_field_created_event after insert on contact_field for each row
  execute function contact_field_event('created');
create trigger contact_field_updated_event after update on contact_field for each row
  when (new.deleted_at is null and (old.name, old.choices, old.position)
    is distinct from (new.name, new.choices, new.position)) execute function contact_field_event('updated');
create trigger contact_field_deleted_event after update on contact_field for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function contact_field_event('deleted');

create function label_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'label.' || tg_argv[0], null,
    jsonb_build_object('label_id', new.id, 'name', new.name, 'on', new.kind), clock_timestamp());
  return null;
end $$;
create trigger label_created_event after insert on label for each row execute function label_event('created');
create trigger label_updated_event after update on label for each row
  when (new.deleted_at is null and (old.name, old.color) is distinct from (new.name, new.color))
  execute function label_event('updated');
create trigger label_deleted_event after update on label for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function label_event('deleted');

create function segment_event() returns trigger language plpgsql as $$
begin
  perform append_event(s.workspace_id, 'segment.' || tg_argv[0], null,
      jsonb_build_object('segment_id', s.id, 'name', s.name, 'kind', s.kind), clock_timestamp())
    from (select case when tg_op = 'DELETE' then old else new end as s) x cross join lateral (select (x.s).*) s;
  return null;
end $$;
create trigger segment_created_event after insert on segment for each row execute function segment_event('created');
create trigger segment_updated_event after update on segment for each row
  when (old.updated_at <> new.updated_at) execute function segment_event('updated');
create trigger segment_deleted_event after delete on segment for each row execute function segment_event('deleted');

create function wall_view_event() returns trigger language plpgsql as $$
begin
  perform append_event(v.workspace_id, 'wall_view.' || tg_argv[0], null,
      jsonb_build_object('wall_view_id', v.id, 'name', v.name), clock_timestamp())
    from (select case when tg_op = 'DELETE' then old else new end as v) x cross join lateral (select (x.v).*) v;
  return null;
end $$;
create trigger wall_view_created_event after insert on wall_view for each row
  execute function wall_view_event('created');
create trigger wall_view_revoked_event after delete on wall_view for each row
  execute function wall_view_event('revoked');

create function campaign_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'campaign.' || case when tg_argv[0] <> 'moved' then tg_argv[0]
      when new.state = 'draft' then 'updated' else new.state end, null,
    jsonb_build_object('campaign_id', new.id, 'name', new.name, 'state', new.state, 'reason', new.reason ->> 'code'),
    clock_timestamp());
  return null;
end $$;
create trigger campaign_created_event after insert on campaign for each row execute function campaign_event('created');
create trigger campaign_updated_event after update on campaign for each row
  when (old.state = new.state and (old.revision, old.asked_at, old.approved_at)
    is distinct from (new.revision, new.asked_at, new.approved_at)) execute function campaign_event('updated');
create trigger campaign_moved_event after update on campaign for each row
  when (old.state <> new.state) execute function campaign_event('moved');
create function campaign_deleted_event() returns trigger language plpgsql as $$
begin
  perform append_event(old.workspace_id, 'campaign.deleted', null,
    jsonb_build_object('campaign_id', old.id, 'name', old.name, 'state', old.state, 'reason', null), clock_timestamp());
  return null;
end $$;
create trigger campaign_deleted_event after delete on campaign for each row execute function campaign_deleted_event();

-- An account is paused by its lane: its own status says whether it is connected.
create function append_account_event(p_account account, p_type text) returns void language sql volatile as $$
  select append_event(p_account.workspace_id, p_type, p_account.id, jsonb_build_object('status',
      case when p_account.status = 'connected' and exists (select 1 from lane where account_id = p_account.id
        and held_until = 'infinity' and held_reason = 'paused') then 'paused' else p_account.status end,
    'status_reason', p_account.status_reason), clock_timestamp()) $$;

create function account_event() returns trigger language plpgsql as $$
begin
  perform append_account_event(new, 'account.' || tg_argv[0]);
  return null;
end $$;
create trigger account_created_event after insert on account for each row execute function account_event('created');
create trigger account_updated_event after update on account for each row
  when (new.deleted_at is null and ((old.updated_at, old.status, old.phone, old.verified_name, old.name_status, old.quality,
      old.throughput, old.messaging_limit, old.number_facts, old.webhooks) is distinct from (new.updated_at, new.status,
      new.phone, new.verified_name, new.name_status, new.quality, new.throughput, new.messaging_limit, new.number_facts,
      new.webhooks))) execute function account_event('updated');
create trigger account_deleted_event after update on account for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function account_event('deleted');

create function lane_pause_event() returns trigger language plpgsql as $$
begin
  perform append_account_event(a, 'account.updated') from account a where a.id = new.account_id and a.deleted_at is null;
  return null;
end $$;
create trigger lane_pause_event after update of held_reason on lane for each row
  when ((old.held_reason is not distinct from 'paused') <> (new.held_reason is not distinct from 'paused'))
  execute function lane_pause_event();

-- A hold that repeats within the hour is the same one.
create function lane_event() returns trigger language plpgsql as $$
begin
  perform append_event(a.workspace_id, 'account.limit_reached', a.id,
    jsonb_build_object('limit', new.held_reason, 'until', to_char(nullif(new.held_until, 'infinity') at time zone 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), clock_timestamp()) from account a where a.id = new.account_id;
  return null;
end $$;
create trigger lane_limit_event after update of held_reason on lane for each row
  when (new.held_reason in ('daily_limit', 'throttled', 'flagged') and (old.held_reason is distinct from new.held_reason
    or new.held_until > old.held_until + interval '1 hour')) execute function lane_event();

create function template_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'template.' || tg_argv[0], null, jsonb_build_object('template_id', new.id,
    'name', new.name, 'language', new.language, 'status', new.status, 'reason', new.reason), new.updated_at);
  return null;
end $$;
create trigger template_created_event after insert on template for each row execute function template_event('created');
create trigger template_updated_event after update on template for each row
  when (old.version <> new.version and new.deleted_at is null) execute function template_event('updated');
create trigger template_deleted_event after update on template for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function template_event('deleted');

create function opt_out_event() returns trigger language plpgsql as $$
begin
  perform append_event(o.workspace_id, 'opt_out.' || tg_argv[0], null, jsonb_build_object('opt_out_id', o.id,
      'contact_id', o.contact_id, 'category', o.category, 'source', o.source), clock_timestamp())
    from (select case when tg_op = 'DELETE' then old else new end as o) x cross join lateral (select (x.o).*) o;
  return null;
end $$;
create trigger opt_out_created_event after insert on opt_out for each row when (not is_quiet())
  execute function opt_out_event('created');
create trigger opt_out_deleted_event after delete on opt_out for each row when (not is_quiet())
  execute function opt_out_event('deleted');

create function opt_out_suggested_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'opt_out.suggested', new.account_id,
      jsonb_build_object('opt_out_suggestion_id', new.id, 'message_id', m.id, 'conversation_id', m.conversation_id,
        'contact_id', m.contact_id), clock_timestamp())
    from message m where m.id = new.message_id;
  return null;
end $$;
create trigger opt_out_suggested_event after insert on opt_out_suggestion for each row
  execute function opt_out_suggested_event();

create function dead_letter_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'dead_letter.created', new.account_id,
    jsonb_build_object('dead_letter_id', new.public_id, 'code', new.code), clock_timestamp());
  return null;
end $$;
create trigger dead_letter_created_event after insert on dead_letter for each row
  when (new.workspace_id is not null) execute function dead_letter_event();

-- Where a right was changed or lost, at its place of the log: readers check their clients before they read on. No client
-- sees it.
create function access_event() returns trigger language plpgsql as $$
begin
  perform append_event(old.workspace_id, 'access.changed', null, jsonb_build_object(tg_argv[0], to_jsonb(old) -> tg_argv[1]),
    clock_timestamp());
  return null;
end $$;
create trigger membership_access_event after update of role, accounts, conversations, disabled_at, removed_at on membership
  for each row execute function access_event('person_id', 'person_id');
create trigger membership_gone_event after delete on membership for each row
  execute function access_event('person_id', 'person_id');
create trigger api_key_access_event after update of scopes, accounts, addresses, expires_at, revoked_at on api_key
  for each row execute function access_event('api_key_id', 'id');
create trigger session_access_event after update of revoked_at, workspace_id on session for each row
  when (new.revoked_at is not null or new.workspace_id <> old.workspace_id)
  execute function access_event('session_id', 'id');
