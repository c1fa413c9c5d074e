-- Marks an unknown message, or one that failed as unknown, as sent, because a person says so. A restored message may
-- have been called after its backup, by an attempt without a row. The caller has locked the lane.
-- plan: inherited
create function decide_sent(t timestamptz, p_id uuid) returns void language plpgsql volatile as $$
declare n int;
begin
  select coalesce(max(a.number), 0) into n from attempt a where a.token > p_id and a.token <= token_of(p_id, 65535);
  if (select a.status from attempt a where a.token = token_of(p_id, n)) is distinct from 'unknown' then
    n := greatest(n, coalesce((select o.fence from open_message o where o.id = p_id), 0)) + 1;
    insert into attempt (token, message_id, account_id, number, runner, status, class, code, title, started_at,
      ended_at)
      select token_of(m.id, n), m.id, m.account_id, n, 'operator', 'unknown', 'unknown', 'restored',
        'Called, if at all, after the backup that this message was restored from.', t, t from message m
          where m.id = p_id;
  end if;
  perform 1 from message where id = p_id for update;
  update attempt set status = 'sent', title = 'Decided by an operator.', sent_at = t where token = token_of(p_id, n);
  perform record_messages(array[p_id], t, true);
  perform end_open(t, array[p_id], 'told', '{}');
end $$;
