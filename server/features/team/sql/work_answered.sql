-- What a message that a person of ours wrote makes of the state of its conversation; without p_message nothing changes.
-- p_by: that person; null for the phone. It takes the conversation from a bot.
create function work_answered(v conversation, p_message uuid, p_by uuid, t timestamptz)
returns table (state text, state_since timestamptz, state_by uuid, state_reason text, episode_id uuid,
  waiting_since timestamptz, answered_at timestamptz, answered_by uuid, assignee_kind text, assignee_id uuid,
  assigned_at timestamptz, assigned_by uuid, assign_reason text) language sql stable as $$
  select case when x.opens then 'open' else v.state end, case when x.opens then t else v.state_since end,
    case when x.opens then p_by else v.state_by end, case when x.opens then 'sent' else v.state_reason end,
    case when x.opens then p_message else v.episode_id end, case when p_message is null then v.waiting_since end,
    case when p_message is null then v.answered_at else t end,
    case when p_message is null then v.answered_by else p_by end,
    case when not x.takes then v.assignee_kind when p_by is not null then 'person' end,
    case when x.takes then p_by else v.assignee_id end, case when x.takes then t else v.assigned_at end,
    case when x.takes then p_by else v.assigned_by end, case when x.takes then 'answered' else v.assign_reason end
  from (select p_message is not null and v.state = 'closed' as opens,
    p_message is not null and v.assignee_kind is not distinct from 'bot' as takes) x $$;
