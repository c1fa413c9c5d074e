-- Holds the queued messages of an account that use a template, also those that are held for another reason, at most
-- p_max, until release_template. Returns their number.
-- plan: inherited
create function hold_template(p_now timestamptz, p_account uuid, p_name text, p_language text, p_max int) returns int
language plpgsql volatile as $$
declare t timestamptz; held uuid[]; conversations uuid[];
begin
  perform 1 from lane where account_id = p_account for update;
  t := clock(p_now);
  held := array(select o.id from open_message o join message m on m.id = o.id
    where o.account_id = p_account and o.state in ('queued', 'held')
      and o.wait_reason is distinct from 'template_paused' and m.type = 'template' and m.content->>'name' = p_name
      and m.content->'language'->>'code' = p_language limit p_max); -- @mutant template-holds
  if held = '{}' then return 0; end if;
  conversations := array(select distinct conversation_id from open_message where id = any (held));
  update open_message set state = 'held', head = false, ready_at = 'infinity', wait_reason = 'template_paused'
    where id = any (held);
  with shown as (
    update message set event_count = event_count + 1 where id = any (held)
    returning id, workspace_id, account_id, event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.held', account_id, id, event_count, '{"reason": "template_paused"}', t from shown;
  perform advance(conversations, t);
  return cardinality(held);
end $$;
