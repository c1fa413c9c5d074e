-- Folds the changes of costs into their counts, a bounded piece at a time; gives how many rows it took.
create function roll_up_costs() returns bigint language sql volatile as $$
  with gone as (
    delete from cost_delta where id = any (array(
      select id from cost_delta order by id limit 20000 for update skip locked))
    returning workspace_id, account_id, day, category, country, template, campaign_id, kind, messages, amount,
      surcharge),
  folded as (
    insert into cost_count (workspace_id, account_id, day, category, country, template, campaign_id, kind, messages,
      amount, surcharge)
    select workspace_id, account_id, day, category, country, template, campaign_id, kind, sum(messages), sum(amount),
      sum(surcharge) from gone
    group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(messages) <> 0 or sum(amount) <> 0 or sum(surcharge) <> 0
    order by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict (workspace_id, account_id, day, category, country, template, campaign_id, kind) do update set
      messages = cost_count.messages + excluded.messages, amount = cost_count.amount + excluded.amount,
      surcharge = cost_count.surcharge + excluded.surcharge)
  select count(*) from gone $$;
