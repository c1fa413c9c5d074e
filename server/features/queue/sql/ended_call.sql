-- An outcome with the open row that it is of, and what it makes of it.
create type ended_call as (
  token uuid, class text, channel_message_id text, code text, title text, wait_ms int,
  place tid, id uuid, workspace_id uuid, account_id uuid, conversation_id uuid, fence int, runner text,
    started_at timestamptz,
  ended_at timestamptz,
  -- Whether it was under way until now: it may have been given up as unknown.
  in_flight boolean, has_evidence boolean, called boolean,
  -- The state of the open row from now on, or ended; the status of the message; when it may be called again.
  next text, status text, ready_at timestamptz, resolve_by timestamptz,
  -- The day whose limit the claim was counted in, and whether the call that was never made took a slot of it.
  day date, is_refunded boolean,
  rate_seconds int, recipient_seconds int, message_place tid);
