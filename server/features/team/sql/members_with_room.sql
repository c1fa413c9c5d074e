-- Of these people the members of a team who may get one more conversation, with how many they have of all teams. None
-- while the team as a whole is full.
create function members_with_room(g team, p_people uuid[], t timestamptz)
returns table (person_id uuid, load bigint, last_assigned_at timestamptz) language sql stable as $$
  select m.person_id, l.n, m.last_assigned_at
  from team_member m
  cross join lateral (select count(*) as n from conversation c where c.assignee_id = m.person_id and c.state = 'open'
    and c.workspace_id = m.workspace_id and takes_room(c, t)) l
  where m.team_id = g.id and m.person_id = any (p_people) and l.n < m.capacity
    and (g.capacity is null or g.capacity > (select count(*) from conversation c where c.team_id = g.id
      and c.state = 'open' and c.assignee_kind = 'person' and takes_room(c, t))) $$;
