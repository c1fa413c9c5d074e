-- What was put off because the head of its conversation was becomes a candidate again, where that waits no more. In a
-- statement after the one that frees the head, which a claim that puts something off behind it has locked.
create function free_followers(p_conversations uuid[], t timestamptz) returns void language sql volatile as $$
  update message m set due_at = t, wait_reason = null
    -- Written so that no plan looks for it in the index of all that is put off.
    from (select o.id from message o where o.conversation_id = any (array(
        select c.id from unnest(p_conversations) c(id) cross join lateral (select f.wait_reason, f.due_at from message f
          where f.conversation_id = c.id and f.status = 'queued' and (f.expires_at is null or f.expires_at > t)
          order by f.priority, f.seq limit 1) h
        where h.wait_reason is null or h.wait_reason = 'conversation_order' or h.due_at <= t))
      and o.status = 'queued' and (o.wait_reason = 'conversation_order') is true order by o.id for update) x
    where m.id = x.id $$;
