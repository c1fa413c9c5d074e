-- Who had the person of a conversation last: who answered in this episode, or who had it, or one with another account,
-- in an earlier one.
create function had_last(v conversation) returns uuid language sql stable as $$
  select coalesce(case when v.answered_at >= v.state_since then v.answered_by end, (
    select x.assignee from conversation c join conversation_change x on x.conversation_id = c.id
    where c.contact_id = v.contact_id and x.kind = 'assigned' and x.assignee is not null
      and x.episode_id is distinct from v.episode_id
    order by x.id desc limit 1)) $$;
