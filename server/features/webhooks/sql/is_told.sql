-- Whether an event is there and the person it is about has not been erased.
-- plan: kept indexed nested
create function is_told(p_event bigint) returns boolean language plpgsql stable as $$
begin
  return exists (select 1 from event_of(p_event) e
    where case
      when e.message_id is not null then exists (select 1 from message m where m.id = e.message_id)
      else not exists (select 1 from contact c
        where c.id = (e.data ->> 'contact_id')::uuid and c.deleted_at is not null) end);
end $$;
