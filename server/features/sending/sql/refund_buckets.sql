-- Gives the buckets of these messages' recipients back what the claims of calls took that were never made.
create function refund_buckets(p_messages uuid[]) returns void language plpgsql volatile as $$
begin
  perform 1 from conversation v join account a on a.id = v.account_id and a.recipient_burst is not null
    where v.id = any (array(select conversation_id from message where id = any (p_messages))) order by v.id for update of v;
  update conversation v set recipient_tat = v.recipient_tat - x.n * a.recipient_seconds * interval '1 second'
    from (select m.conversation_id, count(*) as n from unnest(p_messages) u(message_id)
      cross join lateral (select o.conversation_id from message o where o.id = u.message_id limit 1) m group by 1) x, account a
    where v.id = any (array(select conversation_id from message where id = any (p_messages)))
      and v.id = x.conversation_id and a.id = v.account_id and a.recipient_burst is not null;
end $$;
