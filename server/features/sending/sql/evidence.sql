create type evidence as (token uuid, channel_message_id text, status text, at timestamptz, code text, title text);
