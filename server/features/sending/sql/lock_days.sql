-- Locks the rows of today of these accounts: whoever counts in them is done, and what is read from here on stays so. Gives
-- the time that it is then; whoever had to wait counts in the day that it is by now.
create function lock_days(p_accounts uuid[], p_now timestamptz) returns timestamptz language plpgsql volatile as $$
declare before timestamptz; t timestamptz := present(p_now); locked int;
begin
  loop
    before := t;
    perform open_day(a.id, (t at time zone a.time_zone)::date) from account a
      where a.id = any (p_accounts) and not exists (select 1 from account_day d
        where d.account_id = a.id and d.day = (t at time zone a.time_zone)::date) order by a.id;
    perform 1 from account_day d join account a on a.id = d.account_id
      where a.id = any (p_accounts) and d.day = (t at time zone a.time_zone)::date order by d.account_id for update of d;
    get diagnostics locked = row_count;
    t := present(p_now);
    -- A change of the time zone may have taken a day away that was waited for.
    exit when locked = (select count(*) from account a where a.id = any (p_accounts)
      and (t at time zone a.time_zone)::date = (before at time zone a.time_zone)::date)
      and locked = (select count(*) from account a where a.id = any (p_accounts));
  end loop;
  return t;
end $$;
