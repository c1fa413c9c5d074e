-- Records the result of fetching a file, and adds the event to its message. 'stored' counts from any worker, because
-- the content was verified; other results only from the holder of the fence. due_at: the time of the retry. Returns
-- whether anything changed.
-- plan: inherited
create function record_media(p_now timestamptz, p_id uuid, p_attempts int, p_status text, p_sha256 text,
  p_size bigint, p_mime_type text,
  p_width int, p_height int, p_thumbnail text, p_code text, p_title text, p_wait_ms double precision, p_data jsonb)
returns boolean language plpgsql volatile as $$
declare
  t timestamptz := clock(p_now); found_media media; numbered int;
begin
  -- Lock order: messages before their media.
  perform 1 from message where id = (select message_id from media where id = p_id) for update;
  update media m set status = p_status, lease_until = null,
      due_at = case when p_status = 'pending' then t + p_wait_ms * interval '1 millisecond' end,
      sha256 = coalesce(p_sha256, m.sha256), size = coalesce(p_size, m.size), mime_type = coalesce(p_mime_type,
        m.mime_type),
      width = p_width, height = p_height, thumbnail_sha256 = p_thumbnail,
        stored_at = case when p_status = 'stored' then t end, error_code = p_code, error_title = p_title
    where m.id = p_id and m.status = 'pending' and (p_status = 'stored' or m.attempts = p_attempts)
    returning * into found_media;
  if found_media.id is null then return false; end if;
  if p_status = 'pending' then return true; end if;
  update message set event_count = event_count + 1
    where id = found_media.message_id returning event_count into numbered;
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    values (found_media.workspace_id, 'media.' || p_status, found_media.account_id,
      case when numbered is not null then found_media.message_id end, numbered, p_data, t);
  return true;
end $$;
