-- One message of a webhook. kind and address name the person; user_id, parent_user_id and username are further names of
-- them. n: its place in the list. owner_role: who has the conversation from then on. id, contact_id and
-- conversation_id: those of new rows, until the person is known. word: one that stops or starts messages.
create type received as (n bigint, workspace_id uuid, account_id uuid, kind text, address text, user_id text,
  parent_user_id text, username text, name text, channel_message_id text, type text, content jsonb, context jsonb,
  referral jsonb, group_id text, error_code text, error_title text, at timestamptz, unread boolean,
  called_at timestamptz, outbound boolean, change text, imported boolean,
  chat text, source text, owner_role text, word jsonb, id uuid, contact_id uuid, conversation_id uuid);
