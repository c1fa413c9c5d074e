-- Finds the contact and the conversation of each request, or null; whether the conversation has no head (idle); and
-- the conversations whose head has not begun and is less urgent (outranked).
create function find_conversations(p_workspace uuid[], p_account uuid[], p_address text[], p_priority smallint[],
  p_outcome text[], out contacts uuid[], out conversations uuid[], out idle boolean[], out outranked uuid[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  select array_agg(x.contact_id order by u.n), array_agg(v.id order by u.n), array_agg(h.id is null order by u.n),
      array_agg(v.id) filter (where h.state = 'queued' and u.p < h.priority)
    into contacts, conversations, idle, outranked
    from unnest(p_workspace, p_account, p_address, p_priority, p_outcome) with ordinality u(w, a, v, p, o, n)
    left join lateral (select x.contact_id from contact_address x
      where u.o = 'accepted' and x.workspace_id = u.w and x.kind = address_kind(u.v) and x.value = u.v
      limit 1) x on true
    left join lateral (select v.id from conversation v where v.account_id = u.a
      and v.contact_id = x.contact_id limit 1) v on true
    left join lateral (select o.id, o.state, o.priority from open_message o
      where o.conversation_id = v.id and o.head limit 1) h on true;
end $$;
