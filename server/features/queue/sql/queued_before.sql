-- How many messages of an account are queued of this or a higher priority, by the kept counts: the queue may be long.
-- plan: inherited unscanned
create function queued_before(p_workspace uuid, p_account uuid, p_priority smallint) returns bigint language sql stable
as $$
  select coalesce(sum(c.n), 0)::bigint from (
    select messages as n from message_gauge where workspace_id = p_workspace and account_id = p_account
      and direction = 'outbound' and status = 'queued' and priority <= p_priority
    union all
    select present from message_delta where account_id = p_account
      and direction = 'outbound' and status = 'queued' and priority <= p_priority) c $$;
