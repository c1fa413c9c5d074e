-- One request of a batch, as the caller of accept_messages gives it.
create type accept_request as (
  workspace_id uuid, account_id uuid, key text, hash bytea, address text, priority smallint, type text, content jsonb,
  id uuid, created_by uuid, send_at timestamptz, expires_at timestamptz, on_unknown text, on_window text,
  category text, batch_id uuid, reference text, metadata jsonb, media_id uuid, context jsonb,
  campaign_id uuid, seen uuid)
