-- Gives the episodes, the lines and the followers of conversations that end to those they became, in the order of their
-- time. Of two open episodes, the one that is not of the state ends.
create function move_episodes(p_ended uuid[], p_into uuid[], t timestamptz) returns void language sql volatile as $$
  update conversation_change c set conversation_id = u.k from unnest(p_ended, p_into) u(l, k)
    where c.conversation_id = u.l;
  insert into follower (conversation_id, person_id, workspace_id, account_id, since)
    select u.k, f.person_id, f.workspace_id, f.account_id, f.since from unnest(p_ended, p_into) u(l, k)
    join follower f on f.conversation_id = u.l on conflict do nothing;
  update episode e set conversation_id = u.k from unnest(p_ended, p_into) u(l, k) where e.conversation_id = u.l;
  update episode e set closed_at = t, close_reason = 'merged' from conversation v
    where v.id = any (p_into) and e.conversation_id = v.id and e.closed_at is null and e.id <> v.episode_id;
  update episode e set number = x.number
    from (select id, row_number() over (partition by conversation_id order by opened_at, id) as number
      from episode where conversation_id = any (p_into)) x
    where e.id = x.id and e.number <> x.number;
$$;
