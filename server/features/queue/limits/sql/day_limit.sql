-- The daily limit of a day: during the warm-up it grows in even steps.
create function day_limit(a account, p_day date) returns int language sql immutable parallel safe as $$
  select case when a.warm_up_start is null or p_day >= a.warm_up_start + a.warm_up_days then a.per_day
    else least(a.per_day, a.warm_up_first + (coalesce(a.per_day, a.warm_up_first::bigint * 10) - a.warm_up_first)
      * greatest(0, p_day - a.warm_up_start) / a.warm_up_days)::int end $$;
