-- Folds what has changed into the counts, a bounded piece at a time; gives how many rows it took. Of what is older than
-- a day, and no metric asks for any more, message_last_day keeps nothing.
create function roll_up_counts(p_now timestamptz) returns bigint language sql volatile as $$
  with t as materialized (select clock(p_now) - interval '25 hours' as since),
  gone as (
    delete from message_delta where id = any (array(
      select id from message_delta order by id limit 20000 for update skip locked))
    returning workspace_id, slot, day, account_id, direction, type, status, priority, messages, accepted, present),
  folded as (
    insert into message_count (workspace_id, day, account_id, direction, type, status, messages, accepted)
    select workspace_id, day, account_id, direction, type, status, sum(messages), sum(accepted) from gone
    group by 1, 2, 3, 4, 5, 6 having sum(messages) <> 0 or sum(accepted) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (workspace_id, day, account_id, direction, type, status) do update set
      messages = message_count.messages + excluded.messages, accepted = message_count.accepted + excluded.accepted),
  there as (
    insert into message_gauge (workspace_id, account_id, direction, type, status, priority, messages)
    select workspace_id, account_id, direction, type, status, priority, sum(present) from gone
    group by 1, 2, 3, 4, 5, 6 having sum(present) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (workspace_id, account_id, direction, type, status, priority) do update set
      messages = message_gauge.messages + excluded.messages),
  lately as (
    insert into message_last_day (workspace_id, slot, account_id, accepted, failed)
    select workspace_id, slot, account_id, sum(accepted), coalesce(sum(messages) filter (where status = 'failed'), 0)
      from gone, t
    where direction = 'outbound' and slot >= t.since
    group by 1, 2, 3 having sum(accepted) <> 0 or coalesce(sum(messages) filter (where status = 'failed'), 0) <> 0
      order by 1, 2, 3
    on conflict (workspace_id, slot, account_id) do update set
      accepted = message_last_day.accepted + excluded.accepted, failed = message_last_day.failed + excluded.failed),
  past as (delete from message_last_day where slot < (select since from t))
  select count(*) from gone $$;
