-- Marks messages after a restore: a message that waited at the backup may have been sent since.
-- Messages in sending become unknown; without p_resume, queued and due messages do too. Every unknown message waits for
-- the operator, regardless of on_unknown. No message is sent again automatically.
-- plan: inherited
create function mark_restored(p_resume boolean) returns table (unknown bigint,
  held bigint) language plpgsql volatile as $$
declare t timestamptz := clock_timestamp(); marked uuid[]; before text[]; kept uuid[];
begin
  insert into attempt (token, message_id, account_id, number, runner, status, class, code, title, started_at, ended_at)
    select token_of(id, o.fence), id, account_id, o.fence, o.runner, 'unknown', 'unknown', 'restored',
      'The call was under way when the backup was taken.', o.started_at, t from open_message o where state = 'sending'
    on conflict do nothing;
  select array_agg(id), array_agg(state) into marked, before from open_message
    where state = 'sending' or not p_resume and (state in ('queued', 'held') or state = 'scheduled' and ready_at <= t);
  kept := array(select id from open_message where state = 'unknown' and resolve_by is not null and not p_resume);
  perform add_restored_attempts(array_agg(u.id), t) from unnest(marked, before) u(id, state)
    where u.state <> 'sending' having count(*) > 0;
  -- It may have been sent again since, where its setting says so.
  perform add_restored_attempts(array_agg(o.id), t) from open_message o join account a on a.id = o.account_id
    where o.id = any (kept) and coalesce(o.on_unknown, a.on_unknown) = 'retry' having count(*) > 0;
  -- None of the calls was made since, so their conversations need not wait.
  update open_message set state = 'unknown', head = false, ready_at = t, resolve_by = null, wait_reason = null,
    runner = null,
    lease_until = null, evidence = null where id = any (marked);
  update open_message set resolve_by = null where id = any (kept);
  with shown as (
    update message m set status = 'unknown', event_count = m.event_count + 1 from unnest(marked, before) u(id, state)
    where m.id = u.id returning m.id, m.workspace_id, m.account_id, m.event_count, u.state)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.unknown', account_id, id, event_count, jsonb_build_object('reason', 'restored',
      'from', state), t
    from shown;
  with shown as (
    update message m set event_count = m.event_count + 1 where m.id = any (kept) returning m.id, m.workspace_id,
      m.account_id, m.event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.held', account_id, id, event_count, '{"reason": "restored"}', t from shown;
  update lane l set in_flight = 0,
    queued = (select count(*) from open_message o where o.account_id = l.account_id and o.state in ('queued', 'held'));
  perform advance(array(select distinct conversation_id from open_message where state = 'queued'), t);
  return query select coalesce(cardinality(marked), 0)::bigint, cardinality(kept)::bigint;
end $$;
