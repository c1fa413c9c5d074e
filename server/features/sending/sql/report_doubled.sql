-- Says once of each of these messages, which the caller has locked, that the channel took more than one call for it.
create function report_doubled(p_messages uuid[], t timestamptz) returns void language plpgsql volatile as $$
begin
  if not exists (select 1 from message where id = any (p_messages) and fence > 1 and doubled_at is null) then return; end if;
  with twice as (
    update message m set doubled_at = t, event_count = m.event_count + 1
    from (select a.message_id, array_agg(a.number order by a.number) as attempts
      from message o cross join lateral (select k.number, k.message_id, k.status from attempt k where k.message_id = o.id order by k.number) a
      where o.id = any (p_messages) and o.fence > 1 and o.doubled_at is null and a.status in ('sent', 'delivered', 'read', 'played')
      group by 1 having count(*) > 1) x
    where m.id = any (p_messages) and m.id = x.message_id
    returning m.id, m.workspace_id, m.account_id, m.event_count, x.attempts)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
  select workspace_id, 'message.doubled', account_id, id, event_count, jsonb_build_object('attempts', attempts), t from twice;
end $$;
