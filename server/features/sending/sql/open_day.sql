-- Makes sure that an account has its row for today. A day begins with what is still queued from the days before; the
-- row of the last day is locked first, so that whoever still counts in it is done.
create function open_day(p_account uuid, p_day date) returns void language plpgsql volatile as $$
begin
  if exists (select 1 from account_day where account_id = p_account and day = p_day) then return; end if;
  perform 1 from account_day where account_id = p_account order by day desc limit 1 for update;
  insert into account_day (account_id, day, queued) values (p_account, p_day, uncounted(p_account, p_day))
    on conflict do nothing;
end $$;
