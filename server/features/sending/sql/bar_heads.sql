-- Cancels heads on the page of a claim whose people opted out, by whatever path. The messages behind them move up, and
-- the next claim checks them. Returns the number of each account. The caller has locked the lanes.
-- plan: kept indexed nested
create function bar_heads(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (account_id uuid, done int) language plpgsql volatile as $$
#variable_conflict use_column
declare barred uuid[];
begin
  barred := array(select p.id from ready_heads(p_lanes, p_accounts, p_max, t) p
    cross join lateral (select o.contact_id from conversation o where o.id = p.conversation_id limit 1) v
    cross join lateral (select true as found from opt_out o where o.contact_id = v.contact_id limit 1) b
    where is_barred(p.id, v.contact_id, case when p.kind = 3 then 'marketing' end));
  if barred = '{}' then return; end if;
  return query select x.account_id, count(*)::int from end_open(t, barred, 'cancelled', '{"reason": "opted_out"}') x
    group by 1;
end $$;
