-- Marks unknown messages as failed. Their attempts stay unknown: this is no evidence, and a later receipt still
-- counts. The caller has locked the lanes.
-- plan: inherited
create function fail_unknown(t timestamptz, p_ids uuid[], p_title text,
  p_data jsonb) returns void language plpgsql volatile as $$
begin
  with shown as (
    update message m set status = 'failed', failed_at = t, error_code = 'unknown_outcome', error_title = p_title,
      event_count = m.event_count + (o.status <> 'failed')::int
    from (select id, status from message where id = any (p_ids) and status in ('unknown', 'failed')
      order by id for update) o
    where m.id = o.id
    returning m.id, m.workspace_id, m.account_id, m.event_count, o.status as before)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.failed', account_id, id, event_count,
      p_data || jsonb_build_object('code', 'unknown_outcome', 'title', p_title), t from shown where before <> 'failed';
  perform end_open(t, p_ids, 'told', '{}');
end $$;
