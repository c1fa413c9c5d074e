-- The place in its thread of a message that came with the history of a new link. It stands before everything that came
-- since, by its own time. After older messages, as at a later link, it has the next place.
create function imported_place(m received) returns bigint language sql volatile as $$
  select case when exists (select 1 from message o where o.conversation_id = m.conversation_id and not o.imported
      and o.created_at <= m.at) then nextval('message_seq')
    else floor(extract(epoch from m.at))::bigint * 1000000 + least(m.n, 99) * 10000
      + abs(hashtext(m.channel_message_id) % 10000) - 9000000000000000 end $$;
