-- Applies an edit or a deletion to its message, of the person or of the account. The file of a message stays, an edit
-- changes the text below it, and the earlier text is kept. A repeat or an older edit changes nothing. p_type: null for
-- an edit that could not be read. p_by: see changed_message. Returns whether the message is there.
-- plan: inherited
create function apply_change(p_now timestamptz, p_account uuid, p_channel_message_id text, p_change text, p_type text,
  p_content jsonb, p_at timestamptz, p_by text[] default null) returns boolean language plpgsql volatile as $$
declare
  t timestamptz := clock(p_now); target uuid := changed_message(p_account, p_channel_message_id, p_by);
begin
  if target is null then return false; end if;
  if p_change = 'edited' then perform keep_version(target, p_type is not null, p_at); end if;
  with changed as (
    update message m set event_count = m.event_count + 1,
      revoked_at = case p_change when 'revoked' then p_at else m.revoked_at end,
      edited_at = case p_change when 'edited' then p_at else m.edited_at end,
      type = case p_change when 'edited' then coalesce(p_type, m.type) else m.type end,
      content = case when p_change = 'revoked' or p_type is null then m.content
        when m.type = p_type and p_type in ('image', 'video', 'audio', 'document', 'sticker')
          then m.content - 'caption' || (p_content - '{id,link,mime_type,sha256}'::text[])
        else p_content end
    where m.id = target and case p_change when 'revoked' then m.revoked_at is null
      else m.edited_at is null or m.edited_at < p_at end
    returning m.id, m.workspace_id, m.account_id, m.event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.' || p_change, account_id, id, event_count, '{}', t from changed;
  return true;
end $$;
