-- What became of a message by the outcome of its call.
create type settled_call as (
  token uuid, message_id uuid, account_id uuid, conversation_id uuid, status text, ready_at timestamptz,
  -- A receipt came before the outcome, and decides.
  has_evidence boolean);
