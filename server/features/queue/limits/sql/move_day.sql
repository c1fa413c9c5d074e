-- Moves the counts of the day after a change of an account's time zone: the count of the day in the earlier zone
-- belongs to the day in the new one, with that of messages and conversations. The caller has locked the lane.
-- plan: inherited
create function move_day(p_now timestamptz, p_account uuid, p_zone text) returns void language plpgsql volatile as $$
declare t timestamptz := clock(p_now); before date := (t at time zone p_zone)::date; today date; counted daily_usage;
begin
  select (t at time zone a.time_zone)::date into today from account a where a.id = p_account;
  if today = before then return; end if;
  -- A day that had begun to be history goes on.
  delete from daily_usage where account_id = p_account and day = today returning * into counted;
  update lane set day = today, sent = case when day = before then sent else 0 end + coalesce(counted.sent, 0),
    conversations_opened = case when day = before then conversations_opened else 0
      end + coalesce(counted.conversations_opened, 0)
    where account_id = p_account and day is not null;
  -- The change of the day has made it history; it goes on instead.
  delete from daily_usage where account_id = p_account and day = before;
  update conversation set opened_on = today where account_id = p_account and opened_on = before;
  update open_message set usage_day = today where account_id = p_account and usage_day = before;
end $$;
