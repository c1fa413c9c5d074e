-- Finds the contact and the conversation of each request, or null; whether the conversation has no head (idle); the
-- conversations whose head has not begun and is less urgent (outranked); when the person last
-- wrote or called (heard); and what the person opted out of: all or marketing.
-- plan: kept indexed nested
create function find_conversations(p_workspace uuid[], p_account uuid[], p_address text[], p_priority smallint[],
  out contacts uuid[], out conversations uuid[], out idle boolean[], out outranked uuid[], out heard timestamptz[],
  out opt_outs text[]) language plpgsql volatile as $$
begin
  select array_agg(x.contact_id order by u.n), array_agg(v.id order by u.n), array_agg(h.id is null order by u.n),
      array_agg(v.id) filter (where h.state = 'queued' and u.p < h.priority),
      array_agg(v.heard order by u.n), array_agg(coalesce(b.category, e.category) order by u.n)
    into contacts, conversations, idle, outranked, heard, opt_outs
    from unnest(p_workspace, p_account, p_address, p_priority) with ordinality u(w, a, v, p, n)
    left join lateral (select x.contact_id from contact_address x
      where x.workspace_id = u.w and x.kind = address_kind(u.v) and x.value = u.v limit 1) x on true
    left join lateral (select v.id, greatest(v.last_received_at, v.last_called_at) as heard
      from conversation v where v.account_id = u.a and v.contact_id = x.contact_id limit 1) v on true
    left join lateral (select o.id, o.state, o.priority from open_message o
      where o.conversation_id = v.id and o.head limit 1) h on true
    -- By their order all comes before marketing.
    left join lateral (select o.category from opt_out o where o.contact_id = x.contact_id
      order by o.category limit 1) b on true
    left join lateral (select o.category from opt_out_address k join opt_out o on o.id = k.opt_out_id
      where x.contact_id is null and k.workspace_id = u.w and k.hash = address_hash(u.w, u.v)
      order by o.category limit 1) e on true;
end $$;
