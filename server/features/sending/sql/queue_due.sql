-- Puts scheduled messages that have become due into the queue. Those to one person get a turn each, so that they do not
-- fill the page of candidates.
create function queue_due(p_account uuid, t timestamptz) returns int language plpgsql volatile as $$
declare n int;
begin
  with due as (
    update message m set status = 'queued', turn = x.turn, event_count = m.event_count + 1
    from (select o.id, least(1000, row_number() over (partition by o.conversation_id order by o.seq) - 1) as turn
      from (select id, conversation_id, seq from message where account_id = p_account and status = 'scheduled' and due_at <= t
        order by due_at limit 500 for update skip locked) o) x
    where m.id = x.id
    returning m.id, m.workspace_id, m.event_count),
  counted as (
    update account_day d set queued = d.queued + (select count(*) from due) from account a
    where a.id = p_account and d.account_id = a.id and d.day = (t at time zone a.time_zone)::date)
  insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.queued', p_account, id, event_count, t from due;
  get diagnostics n = row_count;
  return n;
end $$;
