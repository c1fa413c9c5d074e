-- One event by its id, straight from the row that it is in: a view would unfold all events of that row.
create function event_of(p_id bigint)
returns table (id bigint, workspace_id uuid, type text, account_id uuid, message_id uuid, data jsonb, at timestamptz)
language sql stable as $$
  select p_id, e.workspace_id, e.type, coalesce(e.account_id, e.accounts[p_id - e.id + 1]),
    coalesce(e.message_id, e.messages[p_id - e.id + 1]), e.data, e.at
  from event e where e.id = event_row(p_id) and p_id - e.id < coalesce(cardinality(e.messages), 1) $$;
