-- Messages of an account whose put-off has ended become candidates again, with what is behind them: what waited for the
-- budget of new conversations only as far as that has places, the others wait until the next day begins.
create function end_put_off(p_account uuid, p_places int, p_next_day timestamptz, t timestamptz) returns void language plpgsql volatile as $$
declare conversations uuid[];
begin
  with ended as (
    update message m set wait_reason = case when x.fits then null else m.wait_reason end,
        due_at = case when x.fits then m.due_at else p_next_day end
      from (select o.id, o.wait_reason <> 'new_conversations'
          or row_number() over (partition by o.wait_reason = 'new_conversations' order by o.priority, o.turn, o.seq) <= p_places as fits
        from (select id, wait_reason, priority, turn, seq from message
          where account_id = p_account and status = 'queued' and wait_reason is not null and due_at <= t
          order by due_at, seq limit 2000 for update skip locked) o) x
      where m.id = x.id
      returning m.conversation_id, m.wait_reason)
  select array_agg(distinct conversation_id) into conversations from ended where wait_reason is null;
  perform free_followers(conversations, t) where conversations is not null;
end $$;
