-- Finds the messages with a word whose answer is due, with the settings of the workspace. A person
-- gets each answer once in 24 hours. p_answer: the id of each answer. The caller forgets an answer that is not
-- accepted.
-- plan: inherited
create function due_answers(p_now timestamptz, p_message uuid[], p_action text[], p_answer uuid[])
returns table (n bigint, setting jsonb) language plpgsql volatile as $$
#variable_conflict use_column
declare t timestamptz := clock(p_now);
begin
  return query with told as materialized (
    select distinct on (l.contact_id, u.action) u.n, u.action, u.answer, l.workspace_id, l.contact_id,
      to_jsonb(o) as setting
    from unnest(p_message, p_action, p_answer) with ordinality u(message, action, answer, n)
    join opt_out_ledger l on l.proof ->> 'message_id' = u.message::text and l.proof ? 'message_id'
    left join opt_out_setting o on o.workspace_id = l.workspace_id
    where coalesce(o.answers, true) order by l.contact_id, u.action, u.n),
  kept as (
    insert into opt_out_answer (contact_id, action, workspace_id, message_id, at)
    select contact_id, action, workspace_id, answer, t from told
    on conflict (contact_id, action) do update set message_id = excluded.message_id, at = excluded.at
      where opt_out_answer.at <= excluded.at - interval '24 hours'
    returning message_id)
  select x.n, x.setting from told x join kept k on k.message_id = x.answer order by x.n;
end $$;
