-- What an account may begin at this moment, as its lane and its settings say.
create type lane_limits as (
  account_id uuid, workspace_id uuid, channel text, route text, phone text, phone_number_id text,
  status text, status_reason text, is_deleted boolean,
  now timestamptz, today date, tomorrow timestamptz,
  -- Calls that may begin now, and until when none may.
  slots int, held_until timestamptz, concurrency int,
  -- Of the rate: what is left of it, less than none too.
  rate_left int, span interval, window_at timestamptz[], window_n int[],
  -- Of the day and of its new conversations; the second is null without a limit.
  left_today int, left_new int,
  -- When the quiet hours end; null outside of them.
  quiet_until timestamptz,
  -- How far the bucket of a recipient may be from full; null without one.
  recipient_wait interval,
  jitter_ms int,
  -- The most urgent priority that has a message ready; null where none has.
  ready smallint,
  -- Until when each kind of messages is held; null where none is.
  held_kinds timestamptz[],
  queued int, max_queued int, rejects boolean,
  on_window_closed text);
