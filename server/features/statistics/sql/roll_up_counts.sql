-- Folds what has changed into the counts, a bounded piece at a time; gives how many rows it took.
create function roll_up_counts() returns bigint language sql volatile as $$
  with gone as (
    delete from message_delta where id = any (array(
      select id from message_delta order by id limit 20000 for update skip locked))
    returning workspace_id, quarter, account_id, direction, type, status, priority, code, template, category,
      calling_code, campaign_id, created_by, span, messages, accepted, present),
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
  grouped as (
    insert into grouped_count as g (workspace_id, counted_by, at, account_id, key, direction, status, messages,
      accepted)
    select workspace_id, x.*, direction, status, sum(messages), sum(accepted)
    from (select workspace_id, quarter, account_id, direction, status, template, calling_code, campaign_id, created_by,
        sum(messages) as messages, sum(accepted) as accepted
      from gone where type not in ('system', 'call') group by 1, 2, 3, 4, 5, 6, 7, 8, 9) m
    cross join lateral counted_in(m.quarter, m.account_id, m.template, m.campaign_id, m.created_by, m.calling_code) x
    where direction = 'outbound' or counted_by in ('all', 'account')
    group by 1, 2, 3, 4, 5, 6, 7 having sum(messages) <> 0 or sum(accepted) <> 0 order by 1, 2, 3, 4, 5, 6, 7
    on conflict (workspace_id, counted_by, at, account_id, key, direction, status) do update set
      messages = g.messages + excluded.messages, accepted = g.accepted + excluded.accepted),
  there as materialized (
    select fold_present(array_agg(workspace_id), array_agg(account_id), array_agg(direction), array_agg(type),
      array_agg(status), array_agg(priority), array_agg(span), array_agg(present)) from gone)
  select count(*) from gone, there $$;
