-- Holds the queued messages of a stopped campaign in an account, at most p_max, until release_campaign. Messages that
-- are held for another reason stay so. Returns their number.
-- plan: inherited
create function hold_campaign(p_now timestamptz, p_account uuid, p_campaign uuid, p_max int) returns int
language plpgsql volatile as $$
declare t timestamptz; held uuid[]; conversations uuid[];
begin
  perform 1 from lane where account_id = p_account for update;
  t := clock(p_now);
  held := array(select o.id from open_message o where o.campaign_id = p_campaign and o.account_id = p_account
      and o.state = 'queued' order by o.id limit p_max); -- @mutant campaign-holds
  if held = '{}' then return 0; end if;
  conversations := array(select distinct conversation_id from open_message where id = any (held));
  update open_message set state = 'held', head = false, ready_at = 'infinity', wait_reason = 'campaign_paused'
    where id = any (held);
  with shown as (
    update message set event_count = event_count + 1 where id = any (held)
    returning id, workspace_id, account_id, event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.held', account_id, id, event_count, '{"reason": "campaign_paused"}', t from shown;
  perform advance(conversations, t);
  return cardinality(held);
end $$;
