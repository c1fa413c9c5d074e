-- A message whose cost is asked for. type: what the channel said of it; null for an estimate. left_at: when it left, or
-- will, for the rate; at: when it was delivered, or will be, for the day that counts it. told: the amount that the
-- channel itself names, in the currency told_in.
create type charge_fact as (
  id uuid, workspace_id uuid, account_id uuid, contact_id uuid, address text, category text, type text,
  left_at timestamptz, at timestamptz, told numeric, told_in text)
