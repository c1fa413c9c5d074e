-- What a message that asks for an answer makes of the state of its conversation; without p_message nothing changes.
-- p_thanks: it only says thanks, so it leaves a conversation closed that was closed in the last ten minutes.
create function work_asked(v conversation, p_message uuid, p_thanks boolean, t timestamptz)
returns table (state text, state_since timestamptz, state_by uuid, state_reason text, snoozed_until timestamptz,
  episode_id uuid, waiting_since timestamptz) language sql stable as $$
  select case when x.asks then 'open' else v.state end, case when y.opens then t else v.state_since end,
    case when not y.opens then v.state_by end, case when y.opens then 'received' else v.state_reason end,
    case when not x.asks then v.snoozed_until end,
    case when x.asks and v.state = 'closed' then p_message else v.episode_id end,
    case when not x.asks then v.waiting_since when v.state = 'closed' then t else coalesce(v.waiting_since, t) end
  from (select p_message is not null and not (p_thanks and v.state = 'closed'
    and v.state_since > t - interval '10 minutes') is true as asks) x
  cross join lateral (select x.asks and v.state <> 'open' as opens) y $$;
