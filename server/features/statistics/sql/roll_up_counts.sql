-- Folds what has changed into the counts and the histograms, a bounded piece at a time; gives how many rows it took of
-- the longer list.
create function roll_up_counts() returns bigint language sql volatile as $$
  with gone as (
    delete from message_delta where id = any (array(
      select id from message_delta order by id limit 20000 for update skip locked))
    returning workspace_id, quarter, account_id, direction, type, status, priority, code, template, category,
      calling_code, campaign_id, created_by, messages, accepted, present),
  folded as (
    insert into message_count (workspace_id, quarter, account_id, direction, type, status, code, messages, accepted)
    select workspace_id, quarter, account_id, direction, type, status, code, sum(messages), sum(accepted) from gone
    group by 1, 2, 3, 4, 5, 6, 7 having sum(messages) <> 0 or sum(accepted) <> 0 order by 1, 2, 3, 4, 5, 6, 7
    on conflict (workspace_id, quarter, account_id, direction, type, status, code) do update set
      messages = message_count.messages + excluded.messages, accepted = message_count.accepted + excluded.accepted),
  of_outbound as (
    insert into outbound_count as o (workspace_id, quarter, account_id, status, template, category, calling_code,
      campaign_id, created_by, messages, accepted)
    select workspace_id, quarter, account_id, status, template, category, calling_code, campaign_id, created_by,
      sum(messages), sum(accepted) from gone where direction = 'outbound'
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9 having sum(messages) <> 0 or sum(accepted) <> 0
      order by 1, 2, 3, 4, 5, 6, 7, 8, 9
    on conflict (workspace_id, quarter, account_id, status, template, category, calling_code, campaign_id, created_by)
      do update set messages = o.messages + excluded.messages, accepted = o.accepted + excluded.accepted),
  there as (
    insert into message_gauge (workspace_id, account_id, direction, type, status, priority, messages)
    select workspace_id, account_id, direction, type, status, priority, sum(present) from gone
    group by 1, 2, 3, 4, 5, 6 having sum(present) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (workspace_id, account_id, direction, type, status, priority) do update set
      messages = message_gauge.messages + excluded.messages),
  timed as (
    delete from latency_delta where id = any (array(
      select id from latency_delta order by id limit 20000 for update skip locked))
    returning workspace_id, stage, hour, account_id, bucket, n),
  of_times as (
    insert into latency_count as l (workspace_id, stage, hour, account_id, bucket, n)
    select workspace_id, stage, hour, account_id, bucket, sum(n) from timed
    group by 1, 2, 3, 4, 5 having sum(n) <> 0 order by 1, 2, 3, 4, 5
    on conflict (workspace_id, stage, hour, account_id, bucket) do update set n = l.n + excluded.n)
  select greatest((select count(*) from gone), (select count(*) from timed)) $$;
