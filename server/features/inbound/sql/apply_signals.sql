-- Applies account reports of the channel; each element of the arrays is one report. Holds the lane as a failed call
-- does. A flag also holds a paused lane, so that an accepted call under way does not end the hold. A report whose hash
-- was applied before changes nothing; nor does a report from before the account's last resume. Without a hash or a
-- time, a report always counts. Returns the held accounts.
create function apply_signals(p_now timestamptz, p_account uuid[], p_class text[], p_title text[], p_hash bytea[],
  p_at timestamptz[])
returns table (account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; accounts uuid[]; classes text[]; titles text[];
begin
  perform 1 from lane l where l.account_id = any (p_account) order by l.account_id for update;
  t := clock(p_now);
  with told as (
    insert into applied_signal (account_id, hash, applied_at)
      select distinct u.account, u.hash, t from unnest(p_account, p_hash) u(account, hash) where u.hash is not null
        order by 1, 2
      on conflict do nothing
    returning account_id, hash)
  select array_agg(u.account), array_agg(u.class), array_agg(u.title) into accounts, classes, titles
    from unnest(p_account, p_class, p_title, p_hash, p_at) u(account, class, title, hash, at)
      join account a on a.id = u.account
    where (u.hash is null or (u.account, u.hash) in (select account_id, hash from told))
      and (u.at is null or a.resumed_at is null or u.at > a.resumed_at);
  if accounts is null then return; end if;
  perform hold_lanes(t, accounts, classes, array_fill(0, array[cardinality(accounts)])); -- @mutant signal-holds
  perform set_account_trouble(x.account, x.title, t) from (
    select u.account, (array_agg(u.title order by array_position('{flagged,account_error}', u.class),
      u.title))[1] as title
    from unnest(accounts, classes, titles) u(account, class, title) group by 1 order by 1) x;
  return query select distinct x from unnest(accounts) x;
end $$;
