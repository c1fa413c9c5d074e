-- Says once of each of these messages, whose lanes or rows the caller has locked, that the channel took more than one
-- call for it. Calls with one id at the channel are one message to the person.
-- plan: kept indexed
create function report_duplicated(p_messages uuid[], t timestamptz) returns void language plpgsql volatile as $$
begin
  if (select true from unnest(p_messages) u(id), lateral (select 1 from attempt a where a.token = token_of(u.id,
    2) limit 1) a
    limit 1) is null then return; end if;
  with twice as (
    update message m set duplicated_at = t, event_count = m.event_count + 1
    from (select u.id, array_agg(a.number order by a.number) as attempts
      from (select distinct id from unnest(p_messages) id) u cross join lateral (select k.number, k.status,
          coalesce(k.channel_message_id, k.number::text) as name from attempt k
        where k.token > u.id and k.token <= token_of(u.id, 65535)) a
      where a.status in ('sent', 'delivered', 'read', 'played') group by 1
      having count(distinct a.name) > 1) x
    where m.id = any (p_messages) and m.id = x.id and m.duplicated_at is null
    returning m.id, m.workspace_id, m.account_id, m.event_count, x.attempts)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.duplicated', account_id, id, event_count, jsonb_build_object('attempts', attempts), t
    from twice;
end $$;
