-- The lanes in which payloads are open, each looked up in the index for itself, however much waits in one.
create function open_lanes() returns setof uuid language sql stable as $$
  with recursive l(key) as (
    (select lane_key from inbound_payload where processed_at is null order by lane_key limit 1)
    union all
    select (select p.lane_key from inbound_payload p where p.processed_at is null and p.lane_key > l.key
      order by p.lane_key limit 1)
      from l where l.key is not null)
  select key from l where key is not null $$;
