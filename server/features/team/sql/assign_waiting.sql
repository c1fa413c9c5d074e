-- Gives what waits for a team to its members who are online, the longest wait first, until nobody has room. Returns
-- how many it gave. Any process may call it at any time: the row of the team lets one work at a time, and the rows of
-- the people, taken in their order, keep other teams from giving to them meanwhile. Nobody gets again in an episode
-- what they let lapse or gave back in it. A conversation that another transaction changes is left for the next call.
-- plan: fresh
create function assign_waiting(p_team uuid, p_now timestamptz) returns int language plpgsql volatile as $$
declare
  g team; v conversation; people uuid[]; t timestamptz; turn timestamptz; who uuid; had uuid; may boolean;
  given int := 0;
begin
  select * into g from team where id = p_team and deleted_at is null and mode <> 'manual' for update;
  if not found then return 0; end if;
  people := array(select a.person_id from availability a
    where a.workspace_id = g.workspace_id and a.status = 'online'
      and a.person_id in (select m.person_id from team_member m where m.team_id = g.id)
    order by a.person_id for update);
  t := clock(p_now);
  select greatest(t, max(m.last_assigned_at)) into turn from team_member m where m.team_id = g.id;
  for v in select c.* from conversation c where c.team_id = g.id and c.state = 'open' and c.assignee_id is null
    order by c.waiting_since, c.id limit 1000
  loop
    had := case when g.sticky then had_last(v) end;
    -- One statement says who takes it and whether anybody has room: room that is freed in between would skip it.
    select r.person_id, p.removed_at is null and p.disabled_at is null and p.role <> 'viewer'
        and (p.accounts is null or v.account_id = any (p.accounts))
        and not exists (select from conversation_change x where x.conversation_id = v.id
          and x.episode_id = v.episode_id and x.former = r.person_id and x.assignee is null
          and x.reason is distinct from 'offline')
      into who, may from members_with_room(g, people, t) r
      join membership p on p.workspace_id = g.workspace_id and p.person_id = r.person_id
      order by 2 desc, r.person_id is distinct from had, case g.mode when 'balanced' then r.load end,
        r.last_assigned_at nulls first, r.person_id limit 1;
    exit when not found;
    continue when not may;
    turn := turn + interval '1 microsecond';
    update conversation c set assignee_kind = 'person', assignee_id = who, assigned_at = t, assigned_by = null,
        assign_reason = case when who = had then 'had_last' else 'given' end,
        reassign_due_at = business_due(g.hours, t, g.reassign_after_minutes)
      where c.id = any (array(select o.id from conversation o where o.id = v.id and o.team_id = g.id
        and o.state = 'open' and o.assignee_id is null for no key update skip locked));
    continue when not found;
    update team_member set last_assigned_at = turn where team_id = g.id and person_id = who;
    given := given + 1;
  end loop;
  return given;
end $$;
