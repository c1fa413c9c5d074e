-- What the channel tells of one attempt.
create type evidence as (token uuid, channel_message_id text, status text, at timestamptz, code text, title text,
  pricing jsonb);
