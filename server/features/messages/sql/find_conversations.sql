-- Finds the targets of a batch, one a request, in order. p_targets: the targets of an earlier search, which keep
-- their outcomes.
-- plan: kept indexed nested
create function find_conversations(p_requests accept_request[], p_targets accept_target[] default '{}')
returns accept_target[] language plpgsql volatile as $$
declare found accept_target[];
begin
  select array_agg(row(x.contact_id, v.id, h.id is null, (h.state = 'queued' and u.priority < h.priority) is true,
      v.heard, coalesce(b.category, e.category), u.outcome, u.begun)::accept_target order by u.ordinality)
    into found
    from unnest(p_requests, p_targets) with ordinality u
    left join lateral (select x.contact_id from contact_address x where x.workspace_id = u.workspace_id
      and x.kind = address_kind(u.address) and x.value = u.address limit 1) x on true
    left join lateral (select v.id, greatest(v.last_received_at, v.last_called_at) as heard
      from conversation v where v.account_id = u.account_id and v.contact_id = x.contact_id limit 1) v on true
    left join lateral (select o.id, o.state, o.priority from open_message o
      where o.conversation_id = v.id and o.head limit 1) h on true
    -- By their order all comes before marketing.
    left join lateral (select o.category from opt_out o where o.contact_id = x.contact_id
      order by o.category limit 1) b on true
    left join lateral (select o.category from opt_out_address k join opt_out o on o.id = k.opt_out_id
      where x.contact_id is null and k.workspace_id = u.workspace_id
        and k.hash = address_hash(u.workspace_id, u.address)
      order by o.category limit 1) e on true;
  return found;
end $$;
