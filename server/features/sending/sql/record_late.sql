-- Records outcomes without an open row: the call was given up as unknown, or its message has ended. They are evidence
-- about their attempts, and change a message only as such.
-- plan: inherited
create function record_late(t timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[], p_code text[],
  p_title text[], p_settled uuid[]) returns void language plpgsql volatile as $$
begin
  update attempt a set class = u.class,
      status = case when attempt_status(u.class) = 'not_sent' then better_status(a.status, 'not_sent')
        else a.status end,
      code = case when a.failed_at is null then coalesce(u.code, a.code) else a.code end,
      title = case when a.failed_at is null then coalesce(u.title, a.title) else a.title end
    from (select distinct on (token) * from unnest(p_token, p_class, p_code, p_title) x(token, class, code, title)) u
    where a.token = any (p_token) and a.token = u.token and a.token <> all (p_settled)
      and coalesce(a.class, 'unknown') = 'unknown';
  perform apply_evidence(array_agg((u.token, u.channel_message_id, attempt_status(u.class), t, coalesce(u.code, ''),
      u.title, null)::evidence), t)
    from unnest(p_token, p_class, p_channel_message_id, p_code, p_title) u(token, class, channel_message_id, code,
      title)
    where u.class in ('accepted', 'rejected') and u.token <> all (p_settled)
    having count(*) > 0;
  perform apply_orphans(p_token, t);
end $$;
