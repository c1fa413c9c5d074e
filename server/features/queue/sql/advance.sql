-- Makes the first message in line the head of each conversation, if the old head ended or was held, or waits and is
-- less urgent. A head in a call, or unknown and blocking its conversation, stays. Held messages are in no line. The
-- caller has locked the lanes. Only this function and the insert of accept_messages make a head.
-- plan: kept indexed nested
create function advance(p_conversations uuid[], t timestamptz) returns void language plpgsql volatile as $$
begin
  -- A message that only its conversation delayed is checked again when it is the head again.
  update open_message m set head = false,
      ready_at = case when m.wait_reason in ('recipient_limit', 'new_conversation_limit') then t else m.ready_at end,
      wait_reason = case when m.wait_reason not in ('recipient_limit', 'new_conversation_limit') then m.wait_reason end
    from (select distinct h.place from unnest(p_conversations) c(id)
      cross join lateral (select o.ctid as place, o.priority, o.seq from open_message o
        where o.conversation_id = c.id and o.head and o.state = 'queued' limit 1) h
      cross join lateral (select o.priority, o.seq from open_message o
        where o.conversation_id = c.id and not o.head and o.state = 'queued' order by o.priority, o.seq limit 1) f
      where (f.priority, f.seq) < (h.priority, h.seq)) x
    where m.ctid = x.place;
  update open_message m set head = true, ready_at = greatest(m.ready_at, t)
    from (select distinct f.place from unnest(p_conversations) c(id)
      left join lateral (select o.id from open_message o where o.conversation_id = c.id and o.head limit 1) h on true
      cross join lateral (select o.ctid as place from open_message o
        where o.conversation_id = c.id and not o.head and o.state = 'queued'
        order by o.priority, o.seq limit 1) f -- @mutant line-order
      where h.id is null) x
    where m.ctid = x.place;
end $$;
