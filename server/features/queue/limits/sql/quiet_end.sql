-- When the quiet hours that t lies in end; null outside of them.
create function quiet_end(a account, t timestamptz) returns timestamptz language sql stable parallel safe as $$
  select case
    when a.quiet_from is null or a.quiet_from = a.quiet_until then null
    when a.quiet_from < a.quiet_until and l.clock::time >= a.quiet_from and l.clock::time < a.quiet_until
      then (l.clock::date + a.quiet_until) at time zone a.time_zone
    when a.quiet_from > a.quiet_until and l.clock::time >= a.quiet_from
      then (l.clock::date + 1 + a.quiet_until) at time zone a.time_zone
    when a.quiet_from > a.quiet_until and l.clock::time < a.quiet_until
      then (l.clock::date + a.quiet_until) at time zone a.time_zone
    end from (select t at time zone a.time_zone as clock) l $$;
