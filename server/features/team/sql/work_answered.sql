-- What a message that a person of ours wrote makes of the state of its conversation; without p_message nothing changes.
-- p_by: that person; null for the phone.
create function work_answered(v conversation, p_message uuid, p_by uuid, t timestamptz)
returns table (state text, state_since timestamptz, state_by uuid, state_reason text, episode_id uuid,
  waiting_since timestamptz, answered_at timestamptz, answered_by uuid) language sql stable as $$
  select case when x.opens then 'open' else v.state end, case when x.opens then t else v.state_since end,
    case when x.opens then p_by else v.state_by end, case when x.opens then 'sent' else v.state_reason end,
    case when x.opens then p_message else v.episode_id end, case when p_message is null then v.waiting_since end,
    case when p_message is null then v.answered_at else t end,
    case when p_message is null then v.answered_by else p_by end
  from (select p_message is not null and v.state = 'closed' as opens) x $$;
