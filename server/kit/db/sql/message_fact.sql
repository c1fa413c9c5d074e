-- A transition of a message, for the event log.
create type message_fact as (
  workspace_id uuid, type text, data jsonb, message_id uuid, account_id uuid, number int);
