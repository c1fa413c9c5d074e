-- The attempt of a message whose call has no outcome yet, or an unknown one, by the id that we chose for it. Null
-- without one, and where the channel chooses the ids.
-- plan: inherited indexed
create function called_token(p_account uuid, p_channel_message_id text) returns uuid language sql stable as $$
  select token_of(m.id, m.fence) from account a join lane l on l.account_id = a.id cross join lateral (
    (select o.id, o.fence from open_message o where o.account_id = a.id and o.state = 'sending' and l.in_flight > 0)
    union all
    (select o.id, o.fence from open_message o where o.account_id = a.id and o.state = 'unknown')
    union all
    -- An unknown outcome whose grace period is over: it is ready, so among the first.
    (select o.id, o.fence from (select q.id, q.fence from open_message q where q.account_id = a.id and q.head
      and q.state = 'queued' order by q.priority, q.ready_at, q.seq limit 200) o where o.fence > 0)
    union all
    (select o.id, o.fence from (select q.id, q.fence from open_message q where q.account_id = a.id
      and q.state = 'held' order by q.ready_at limit 200) o where o.fence > 0)) m
  where a.id = p_account and a.own_ids and web_message_id(m.id) = p_channel_message_id limit 1 $$;
