-- Why no worker takes messages of an account; null where one does. A linked account is only served while its session is
-- open, by the gateway that holds it.
create function unserved_reason(a account) returns text language sql stable as $$
  select case when exists (select 1 from worker where seen_at > clock_timestamp() - interval '10 seconds'
      and 'send' = any (kinds) and a.route = any (routes)) then null
    when not a.needs_session then 'no_worker'
    when a.status = 'disconnected' then 'not_linked' when a.status = 'needs_attention' then 'account_error'
    when exists (select 1 from worker, unnest(routes) r where seen_at > clock_timestamp() - interval '10 seconds'
      and starts_with(r, a.channel || ':')) then 'reconnecting'
    else 'no_worker' end $$;
