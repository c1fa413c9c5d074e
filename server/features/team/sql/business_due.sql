-- The time when a team with these hours has worked p_minutes from a moment on; without hours, p_minutes later.
-- Null without minutes, and where that takes more than a year.
-- plan: inherited
create function business_due(p_hours jsonb, p_from timestamptz, p_minutes int) returns timestamptz
language plpgsql stable as $$
declare
  s record; today date; rest interval := p_minutes * interval '1 minute'; begins timestamptz;
begin
  if p_hours is null or p_minutes is null then return p_from + rest; end if;
  today := (p_from at time zone (p_hours ->> 'time_zone'))::date;
  for week in 0..52 loop
    for s in select * from open_spans(p_hours, today + 7 * week, today + 7 * week + 6) o order by o.opens loop
      begins := greatest(s.opens, p_from);
      continue when s.closes <= begins;
      if s.closes - begins >= rest then return begins + rest; end if;
      rest := rest - (s.closes - begins);
    end loop;
  end loop;
  return null;
end $$;
