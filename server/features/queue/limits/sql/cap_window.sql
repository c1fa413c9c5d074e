-- Caps the window after a change of an account's rate: the earlier rate may have rounded the ends of calls up further
-- than the new rate would. The caller has locked the lane.
-- plan: inherited
create function cap_window(p_now timestamptz, p_account uuid) returns void language plpgsql volatile as $$
begin
  update lane l set window_at = array(select least(x, clock(p_now) + a.rate_seconds * interval '20 milliseconds')
      from unnest(l.window_at) x order by 1)
    from account a where a.id = p_account and l.account_id = p_account;
end $$;
