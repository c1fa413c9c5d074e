-- Adds the attempt that may have been made since the backup, for each of these open messages that was called before.
-- The outcomes of these attempts decide nothing.
-- plan: inherited
create function add_restored_attempts(p_ids uuid[], t timestamptz) returns void language plpgsql volatile as $$
begin
  with called as (
    update open_message o set fence = o.fence + 1 where o.id = any (p_ids) and o.fence > 0 returning o.id,
      o.account_id, o.fence)
  insert into attempt (token, message_id, account_id, number, runner, status, class, code, title, started_at, ended_at)
    select token_of(id, fence), id, account_id, fence, 'restore', 'unknown', 'unknown', 'restored',
      'Called, if at all, after the backup that this message was restored from.', t, t
        from called on conflict do nothing;
end $$;
