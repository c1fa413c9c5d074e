-- Sets the limits that the engine uses: the smaller of the account's settings and those of its channel. A burst above
-- the channel's limit of a second becomes a shorter interval with the same rate. The caller has locked the lane.
-- plan: inherited
create function apply_channel_limits(p_account uuid, p_now timestamptz) returns void language plpgsql volatile as $$
begin
  update account set
    rate_messages = least(setting_rate_messages, channel_per_second),
    rate_seconds = case when setting_rate_messages > channel_per_second
      then greatest(1, ceil(setting_rate_seconds::numeric * channel_per_second / setting_rate_messages))::int
      else setting_rate_seconds end,
    new_per_day = least(setting_new_per_day, channel_new_per_day)
  where id = p_account and setting_rate_messages is not null;
  perform cap_window(p_now, p_account);
end $$;
