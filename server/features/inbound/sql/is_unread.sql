-- Whether a lane that may have a receipt of a message has not read yet what came before the grace period of the message
-- was over, or some seconds ago: what has just come lies in a busy lane all the time.
create function is_unread(p_lanes unread_lane[], m open_message,
  t timestamptz) returns boolean language sql stable as $$
  select m.resolve_by > t - interval '1 day' and exists (select 1 from unnest(p_lanes) l
    where (l.account_id is null or l.account_id = m.account_id) and l.since <= greatest(m.resolve_by,
      t - interval '5 seconds')) $$;
