-- The rank of evidence about one attempt: the highest decides.
create function evidence_rank(p_status text) returns int language sql immutable parallel safe as $$
  select case p_status when 'sending' then 1 when 'not_sent' then 1 when 'unknown' then 2 when 'sent' then 3
    when 'failed' then 4 when 'delivered' then 5 when 'read' then 6 when 'played' then 7 else 0 end $$;
