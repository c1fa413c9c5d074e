-- Of these accounts those whose last day nobody holds right now, so that the others have their turn with a later sweep.
create function free_days(p_accounts uuid[]) returns uuid[] language sql volatile as $$
  select array(select d.account_id from account_day d where d.account_id = any (p_accounts)
    and d.day = (select max(o.day) from account_day o where o.account_id = d.account_id) order by 1 for update skip locked) $$;
