-- Notes the accepted messages of a batch in their conversations. What a person wrote is an answer; what a program or a
-- campaign sends is none.
-- plan: kept indexed nested
create function note_sent(p_requests accept_request[], p_targets accept_target[], t timestamptz) returns void
language plpgsql volatile as $$
begin
  update conversation v set last_message_at = greatest(v.last_message_at, t), sent_count = v.sent_count + x.n,
      (state, state_since, state_by, state_reason, episode_id, waiting_since, answered_at, answered_by,
        assignee_kind, assignee_id, assigned_at, assigned_by, assign_reason) =
        (select w.* from work_answered(v, x.answer, x.person, t) w)
    from (select u.conversation_id, count(*)::int as n,
        (array_agg(u.id order by u.ordinality) filter (where p.id is not null))[1] as answer,
        (array_agg(p.id order by u.ordinality) filter (where p.id is not null))[1] as person
      from unnest(p_requests, p_targets) with ordinality u
      left join lateral (select p.id from person p where p.id = u.created_by and u.campaign_id is null
        and u.type <> 'reaction' limit 1) p on true
      where u.outcome = 'accepted' group by 1 order by 1) x
    where v.id = x.conversation_id;
end $$;
