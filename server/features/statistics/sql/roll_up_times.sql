-- Folds what has changed into the histograms of hours and days, a bounded piece at a time; gives how many rows it took.
create function roll_up_times() returns bigint language sql volatile as $$
  with gone as (
    delete from latency_delta where id = any (array(
      select id from latency_delta order by id limit 20000 for update skip locked))
    returning workspace_id, stage, hour, account_id, bucket, n),
  folded as (
    insert into latency_count as l (workspace_id, stage, span, at, account_id, bucket, n)
    select workspace_id, stage, x.span, x.at, account_id, bucket, sum(n) from gone
    cross join lateral (values ('hour', hour), ('day', date_trunc('day', hour, 'UTC'))) x(span, at)
    group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (workspace_id, stage, span, at, account_id, bucket) do update set n = l.n + excluded.n)
  select count(*) from gone $$;
