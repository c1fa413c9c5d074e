-- Queues the messages of these conversations that are held for their window, where it is open now: the person wrote or
-- called. The caller has locked the lanes of the accounts.
-- plan: kept indexed nested
create function open_windows(p_conversations uuid[], t timestamptz) returns void language plpgsql volatile as $$
declare opened uuid[];
begin
  with freed as (
    update open_message m set state = 'queued', ready_at = t, wait_reason = null
    from (select distinct o.id, o.conversation_id from unnest(p_conversations) c(id)
      cross join lateral (select v.account_id from conversation v
        where v.id = c.id and window_open(v.last_received_at, v.last_called_at, t) limit 1) v -- @mutant window-opens
      cross join lateral (select o.id, o.conversation_id from open_message o where o.account_id = v.account_id
        and o.conversation_id = c.id and o.needs_window and o.state = 'held' and o.wait_reason = 'window_closed') o) x
    where m.id = x.id
    returning m.conversation_id)
  select array_agg(distinct conversation_id) into opened from freed;
  if opened is not null then perform advance(opened, t); end if;
end $$;
