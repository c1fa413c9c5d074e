-- Whether an open conversation counts for the capacity of who has it: not once it has waited for the person for a day.
create function takes_room(v conversation, t timestamptz) returns boolean language sql stable as $$
  select v.waiting_since is not null or greatest(v.answered_at, v.state_since, v.assigned_at) > t - interval '1 day' $$;
