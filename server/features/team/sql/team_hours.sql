-- Whether any team of a person works at a moment, until when that holds, and the sum of the times of the last changes
-- of these teams. Where none has hours, the first two are null.
create function team_hours(p_workspace uuid, p_person uuid, t timestamptz)
returns table (in_hours boolean, hours_until timestamptz, hours_of numeric) language sql stable as $$
  select bool_or(s.works),
    case when bool_or(s.works) is not null then coalesce(min(s.turns), t + interval '7 days') end,
    sum(extract(epoch from g.updated_at))
  from team_member m join team g on g.id = m.team_id
  left join lateral (
    select coalesce(bool_or(o.opens <= t), false) as works,
      min(case when o.opens > t then o.opens else o.closes end) as turns
    from (select (t at time zone (g.hours ->> 'time_zone'))::date as day) d
    left join lateral open_spans(g.hours, d.day, d.day + 7) o on o.closes > t) s on g.hours is not null
  where m.workspace_id = p_workspace and m.person_id = p_person $$;
