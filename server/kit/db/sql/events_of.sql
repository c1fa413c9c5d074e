-- The events of messages that the caller sees: those in rows of their own, and those that message.events names.
create function events_of(p_ids uuid[])
returns table (message_id uuid, id bigint, number int, type text, at timestamptz, data jsonb) language sql stable as $$
  select e.row_message_id, e.id, e.number, e.type, e.at, e.data from logged_event e where e.row_message_id = any (p_ids)
  union all
  select e.message_id, e.id, e.number, e.type, e.at, e.data from message m cross join lateral unnest(m.events) n(id)
    join logged_event e on e.row_id = event_row(n.id) and e.id = n.id where m.id = any (p_ids) $$;
