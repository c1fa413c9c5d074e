-- Written so that no plan looks for the first one by the id alone.
create function unread_lanes() returns unread_lane[] language sql stable as $$
  select array(select ((select a.id from account a where a.id = l.key), o.received_at)::unread_lane
    from open_lanes() l(key) cross join lateral (select p.received_at from inbound_payload p
      where p.lane_key between l.key and l.key and p.processed_at is null order by p.lane_key, p.id limit 1) o) $$;
