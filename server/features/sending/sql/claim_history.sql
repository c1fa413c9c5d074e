-- Takes up to p_max unknown outcomes of an account that the channel's history is to be asked about now, where its channel
-- is one of p_channels. One look at a time an account: nobody else takes any until the lease ends or record_history ends
-- it. Gives a row a call; or a single one without a call, with the time that the lane waits for.
create function claim_history(p_account uuid, p_max int, p_channels text[], p_lease interval, p_now timestamptz)
returns table (message_id uuid, token uuid, address text, started_at timestamptz, ended_at timestamptz, channel text,
  phone_number_id text, fence bigint, wait_until timestamptz)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; l lane; a account;
begin
  -- In a statement of its own: the statements below then see all that earlier claims have committed.
  select * into l from lane where kind = 'history' and key = p_account for update;
  t := present(p_now);
  select * into a from account where id = p_account and deleted_at is null and channel = any (p_channels);
  if l.key is null or a.id is null then return; end if;
  if greatest(l.held_until, l.lease_until) > t then
    wait_until := greatest(l.held_until, l.lease_until);
    return next; return;
  end if;
  return query
  select m.id, k.token, m.address, k.started_at, coalesce(k.ended_at, k.started_at), a.channel, a.phone_number_id, l.fence + 1, null::timestamptz
    from message m join attempt k on k.message_id = m.id and k.fence = m.fence
    where m.account_id = p_account and m.status = 'unknown' and m.check_at <= t order by m.check_at limit p_max;
  if found then
    update lane set fence = lane.fence + 1, lease_until = t + p_lease where kind = 'history' and key = p_account;
    return;
  end if;
  select min(m.check_at) into wait_until from message m where m.account_id = p_account and m.status = 'unknown' and m.check_at is not null;
  return next;
end $$;
