-- Queues messages that a stopped campaign holds in an account, at most p_max. Returns their number.
-- plan: inherited
create function release_campaign(p_now timestamptz, p_account uuid, p_campaign uuid, p_max int) returns int
language plpgsql volatile as $$
declare t timestamptz; freed uuid[]; conversations uuid[];
begin
  perform 1 from lane where account_id = p_account for update;
  t := clock(p_now);
  freed := array(select o.id from open_message o where o.campaign_id = p_campaign and o.account_id = p_account
      and o.state = 'held' and o.wait_reason = 'campaign_paused' order by o.seq limit p_max);
  if freed = '{}' then return 0; end if;
  conversations := array(select distinct conversation_id from open_message where id = any (freed));
  update open_message set state = 'queued', ready_at = t, wait_reason = null where id = any (freed);
  with shown as (
    update message set event_count = event_count + 1 where id = any (freed)
    returning id, workspace_id, account_id, event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.queued', account_id, id, event_count, '{"reason": "campaign_resumed"}', t from shown;
  perform advance(conversations, t); -- @mutant campaign-released
  return cardinality(freed);
end $$;
