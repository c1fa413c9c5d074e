-- After a change of the rate of an account, whose lane the caller has locked: the ends of calls were rounded up by the
-- earlier rate, and lie no further ahead than the new one would round them.
create function cap_window(p_now timestamptz, p_account uuid) returns void language plpgsql volatile as $$
begin
  update lane l set window_at = array(select least(x, clock(p_now) + a.rate_seconds * interval '20 milliseconds')
      from unnest(l.window_at) x order by 1)
    from account a where a.id = p_account and l.account_id = p_account;
end $$;
