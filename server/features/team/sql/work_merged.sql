-- The state of two conversations that become one: an open one decides, then a snoozed one, then the kept one. They wait
-- since the earlier moment.
create function work_merged(k conversation, l conversation)
returns table (state text, state_since timestamptz, state_by uuid, state_reason text, snoozed_until timestamptz,
  episode_id uuid, waiting_since timestamptz, answered_at timestamptz, answered_by uuid, assignee_kind text,
  assignee_id uuid, assigned_at timestamptz, assigned_by uuid, assign_reason text, team_id uuid,
  reassign_due_at timestamptz) language sql stable as $$
  select w.state, w.state_since, w.state_by, w.state_reason, w.snoozed_until, w.episode_id,
    least(case when k.state <> 'closed' then k.waiting_since end,
      case when l.state <> 'closed' then l.waiting_since end),
    w.answered_at, w.answered_by, w.assignee_kind, w.assignee_id, w.assigned_at, w.assigned_by, w.assign_reason,
    w.team_id, w.reassign_due_at
  from (select k.* union all select l.*) w
  order by array_position('{open,snoozed,closed}', w.state), w.episode_id is null, w.id <> k.id limit 1 $$;
