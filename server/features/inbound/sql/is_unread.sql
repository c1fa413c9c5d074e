-- Whether a lane that may have a receipt of a message has unread payloads from before the end of its grace period, or
-- older than some seconds. A busy lane always has newer ones.
create function is_unread(p_lanes unread_lane[], m open_message,
  t timestamptz) returns boolean language sql stable as $$
  select m.resolve_by > t - interval '1 day' and exists (select 1 from unnest(p_lanes) l
    where (l.account_id is null or l.account_id = m.account_id) and l.since <= greatest(m.resolve_by,
      t - interval '5 seconds')) $$;
