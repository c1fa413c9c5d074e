-- How many messages of an account are queued that the budget of a day has not counted yet: by the kept counts, as the queue
-- itself may be long, less those that have a place of the day and are queued again.
create function uncounted(p_account uuid, p_day date) returns int language sql stable
  set enable_seqscan = off set enable_bitmapscan = off as $$
  select greatest(0, (select coalesce(sum(c.n), 0) from (
      select messages as n from message_present
        where workspace_id = (select workspace_id from account where id = p_account) and account_id = p_account and direction = 'outbound' and status = 'queued'
      union all
      select present from message_change where account_id = p_account and direction = 'outbound' and status = 'queued') c)
    - (select count(*) from message where account_id = p_account and status = 'queued' and budget_day = p_day))::int $$;
