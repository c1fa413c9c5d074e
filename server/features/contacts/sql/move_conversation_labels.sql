-- Moves the labels of merged conversations to the kept ones.
-- plan: inherited
create function move_conversation_labels(p_ended uuid[], p_into uuid[]) returns void language plpgsql volatile as $$
begin
  insert into conversation_label (label_id, conversation_id, workspace_id, account_id)
    select x.label_id, u.k, x.workspace_id, x.account_id from unnest(p_ended, p_into) u(l, k)
    join conversation_label x on x.conversation_id = u.l order by 1, 2 on conflict do nothing;
end $$;
