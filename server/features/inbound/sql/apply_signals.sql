-- Applies account reports of the channel; each element of the arrays is one report. account_error, flagged and ended
-- hold the lane as a failed call does. A flag also holds a paused lane, so that an accepted call under way does not end
-- the hold. A restriction (see restrict_lanes) holds until p_until, or for an hour: then a call shows if it is over.
-- warned holds nothing. reconnected undoes ended; of both, the last counts. A report whose hash was applied before
-- changes nothing; nor does a report from before the account's last resume. Without a hash or a time, a report always
-- counts. Returns the held accounts.
-- plan: inherited
create function apply_signals(p_now timestamptz, p_account uuid[], p_class text[], p_title text[], p_hash bytea[],
  p_at timestamptz[], p_until timestamptz[])
returns table (account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; accounts uuid[]; classes text[]; titles text[]; untils timestamptz[];
begin
  perform 1 from lane l where l.account_id = any (p_account) order by l.account_id for update;
  t := clock(p_now);
  with told as (
    insert into applied_signal (account_id, hash, applied_at)
      select distinct u.account, u.hash, t from unnest(p_account, p_hash) u(account, hash) where u.hash is not null
        order by 1, 2
      on conflict do nothing
    returning account_id, hash)
  select array_agg(u.account order by u.n), array_agg(u.class order by u.n), array_agg(u.title order by u.n),
      array_agg(coalesce(u.until, t + interval '1 hour') order by u.n)
    into accounts, classes, titles, untils
    from unnest(p_account, p_class, p_title, p_hash, p_at, p_until)
      with ordinality u(account, class, title, hash, at, until, n)
      join account a on a.id = u.account
    where (u.hash is null or (u.account, u.hash) in (select account_id, hash from told))
      and (u.at is null or a.resumed_at is null or u.at > a.resumed_at);
  if accounts is null then return; end if;
  perform hold_lanes(t, array_agg(u.account), array_agg(u.class), array_agg(0)) -- @mutant signal-holds
    from unnest(accounts, classes) u(account, class)
    where u.class in ('flagged', 'account_error', 'throttled') having count(*) > 0;
  perform restrict_lanes(accounts, classes, untils);
  perform set_account_trouble(x.account, x.title, t) from (
    select u.account, (array_agg(u.title order by array_position('{flagged,account_error}', u.class),
      u.title))[1] as title
    from unnest(accounts, classes, titles) u(account, class, title)
    where u.class in ('flagged', 'account_error') or u.class like '%\_restricted' group by 1 order by 1) x;
  perform warn_account(u.account, u.title, t) from unnest(accounts, classes, titles) u(account, class, title)
    where u.class = 'warned';
  perform follow_ends(t, accounts, classes, titles);
  return query select distinct u.account from unnest(accounts, classes) u(account, class)
    where u.class not in ('warned', 'reconnected');
end $$;
