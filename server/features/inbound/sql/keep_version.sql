-- Keeps what a message says before an edit of this time changes it, unless the edit is a repeat or an older one. An
-- edit that could not be read (not p_readable) is kept without a content: the message then keeps its last known text.
-- plan: inherited
create function keep_version(p_message uuid, p_readable boolean, p_at timestamptz)
returns void language plpgsql volatile as $$
declare m message; last message_version;
begin
  select * into m from message where id = p_message for update;
  if m.edited_at >= p_at then return; end if;
  select * into last from message_version where message_id = p_message order by n desc limit 1;
  -- After one that could not be read, the text is among the versions already.
  if last.content is not null or last.message_id is null or last.at < m.edited_at then
    insert into message_version (message_id, n, workspace_id, account_id, type, content, at)
      values (p_message, coalesce(last.n, 0) + 1, m.workspace_id, m.account_id, m.type, m.content,
        coalesce(m.edited_at, m.sent_at, m.created_at))
      returning * into last;
  end if;
  if not p_readable then
    insert into message_version (message_id, n, workspace_id, account_id, at)
      values (p_message, last.n + 1, m.workspace_id, m.account_id, p_at);
  end if;
end $$;
