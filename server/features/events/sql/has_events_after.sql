-- Whether there are committed events after a position of the log, readable or not. Every process asks this many times a
-- second. It looks at the rows, of which that of the position may have more events.
-- plan: kept indexed
create function has_events_after(p_xid xid8, p_id bigint) returns boolean language plpgsql stable as $$
begin
  return (select true from event e where (e.xid, e.id) >= (p_xid, event_row(p_id))
    and (e.id <> event_row(p_id) or e.id + coalesce(cardinality(e.messages), 1) > p_id + 1)
    order by e.xid, e.id limit 1) is not null;
end $$;
