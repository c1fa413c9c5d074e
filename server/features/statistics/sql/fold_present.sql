-- Adds changes to what there is of messages: by kind, and by stretches of seq. Each element of the arrays is a change.
-- The next fold removes a stretch that is left empty.
-- plan: inherited
create function fold_present(p_workspace uuid[], p_account uuid[], p_direction text[], p_type text[], p_status text[],
  p_priority smallint[], p_span bigint[], p_present int[]) returns void language plpgsql volatile as $$
begin
  insert into message_gauge as g (workspace_id, account_id, direction, type, status, priority, messages)
    select w, a, d, ty, s, p, sum(n) from unnest(p_workspace, p_account, p_direction, p_type, p_status, p_priority,
      p_present) u(w, a, d, ty, s, p, n)
    group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (workspace_id, account_id, direction, type, status, priority) do update set
      messages = g.messages + excluded.messages;
  delete from message_span where messages = 0;
  insert into message_span as g (workspace_id, account_id, type, status, span, messages)
    select w, a, ty, s, span, sum(n) from unnest(p_workspace, p_account, p_type, p_status, p_span, p_present)
      u(w, a, ty, s, span, n)
    where span is not null group by 1, 2, 3, 4, 5 having sum(n) <> 0 order by 1, 2, 3, 4, 5
    on conflict (workspace_id, account_id, type, status, span) do update set messages = g.messages + excluded.messages;
end $$;
