-- Since when what has become of a message is unknown: until two minutes later it holds its conversation.
create function unknown_since(m message) returns timestamptz language sql stable parallel safe as $$
  select m.due_at - interval '2 minutes' $$;
