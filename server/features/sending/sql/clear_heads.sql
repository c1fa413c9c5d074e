-- Clears the page of a claim of heads that may not leave: cancels the heads of people who opted out, and holds those of
-- stopped campaigns and others (see hold_heads). Returns the number of each account. The caller has locked the lanes.
-- plan: kept indexed nested
create function clear_heads(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (account_id uuid, done int) language plpgsql volatile as $$
#variable_conflict use_column
begin
  if (select true from unnest(p_lanes) l cross join lateral (select true as found from opt_out o
      where o.workspace_id = l.workspace_id order by o.id limit 1) x limit 1) then
    return query select * from bar_heads(p_lanes, p_accounts, p_max, t);
    if found then return; end if;
  end if;
  if (select true from unnest(p_lanes) l cross join lateral (select true as found from campaign k
      where k.workspace_id = l.workspace_id and k.state in ('paused', 'held', 'cancelled')
      order by k.workspace_id limit 1) x limit 1) then
    return query select * from hold_stopped_heads(p_lanes, p_accounts, p_max, t);
    if found then return; end if;
  end if;
  if (select true from unnest(p_lanes) l left join lateral (select true as found from open_message o
      where o.account_id = l.account_id and o.needs_window and o.head and o.state = 'queued' limit 1) w on true
    where l.held_kinds is not null or w.found limit 1) then
    return query select * from hold_heads(p_lanes, p_accounts, p_max, t);
  end if;
end $$;
