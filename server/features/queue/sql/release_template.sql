-- Queues messages that hold_template holds, at most p_max. Returns their number.
-- plan: inherited
create function release_template(p_now timestamptz, p_account uuid, p_name text, p_language text, p_max int)
returns int language plpgsql volatile as $$
declare t timestamptz; freed uuid[]; conversations uuid[];
begin
  perform 1 from lane where account_id = p_account for update;
  t := clock(p_now);
  freed := array(select o.id from open_message o join message m on m.id = o.id
    where o.account_id = p_account and o.state = 'held' and o.wait_reason = 'template_paused'
      and m.content->>'name' = p_name and m.content->'language'->>'code' = p_language limit p_max);
  if freed = '{}' then return 0; end if;
  conversations := array(select distinct conversation_id from open_message where id = any (freed));
  update open_message set state = 'queued', ready_at = t, wait_reason = null where id = any (freed);
  with shown as (
    update message set event_count = event_count + 1 where id = any (freed)
    returning id, workspace_id, account_id, event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.queued', account_id, id, event_count, '{"reason": "template_active"}', t from shown;
  perform advance(conversations, t); -- @mutant template-released
  return cardinality(freed);
end $$;
