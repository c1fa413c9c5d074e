-- Ends the waiting of a message for its file.
-- plan: inherited
create function release_file(p_now timestamptz, p_message uuid) returns void language plpgsql volatile as $$
declare t timestamptz;
begin
  perform 1 from lane where account_id = (select account_id from open_message where id = p_message) for update;
  t := clock(p_now);
  update open_message set ready_at = t, wait_reason = null
    where id = p_message and state = 'queued' and wait_reason = 'file_pending' and ready_at > t;
end $$;
