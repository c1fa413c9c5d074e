-- Moves the time at which the buckets of these messages' recipients are full again to that of calls that ended then.
create function fill_buckets(p_messages uuid[], p_ended_at timestamptz[]) returns void language plpgsql volatile as $$
begin
  perform 1 from conversation v join account a on a.id = v.account_id and a.recipient_burst is not null
    where v.id = any (array(select conversation_id from message where id = any (p_messages))) order by v.id for update of v;
  update conversation v set recipient_tat = greatest(v.recipient_tat, x.ended_at + a.recipient_seconds * interval '1 second')
    from (select m.conversation_id, max(u.ended_at) as ended_at from unnest(p_messages, p_ended_at) u(message_id, ended_at)
      cross join lateral (select o.conversation_id from message o where o.id = u.message_id limit 1) m group by 1) x, account a
    where v.id = any (array(select conversation_id from message where id = any (p_messages)))
      and v.id = x.conversation_id and a.id = v.account_id and a.recipient_burst is not null;
end $$;
