-- The UUID of an event or a delivery, as eventUuid of event.ts makes it: its time, and its number in the table.
create function log_uuid(p_number bigint, p_at timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0') || '70008'
    || lpad(to_hex(p_number), 15, '0'))::uuid $$;
