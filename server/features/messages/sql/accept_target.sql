-- Of one request of a batch: its contact and conversation, or null; whether the conversation has no head (idle), or
-- one that has not begun and is less urgent (outranks); when the person last wrote or called (heard); an opt-out of
-- all or marketing; the outcome (see judge_requests); whether the message began (see store_messages).
create type accept_target as (
  contact_id uuid, conversation_id uuid, idle boolean, outranks boolean, heard timestamptz, opt_out text, outcome text,
  begun boolean)
