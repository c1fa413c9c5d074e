create function roll_up_lists() returns bigint language sql volatile as $$
  with gone as (
    delete from list_delta where id = any (array(
      select id from list_delta order by id limit 20000 for update skip locked))
    returning workspace_id, account_id, list, entries),
  folded as (
    insert into list_count (workspace_id, account_id, list, entries)
    select workspace_id, account_id, list, sum(entries) from gone
    group by 1, 2, 3 having sum(entries) <> 0 order by 1, 2, 3
    on conflict (workspace_id, account_id, list) do update set entries = list_count.entries + excluded.entries)
  select count(*) from gone $$;
