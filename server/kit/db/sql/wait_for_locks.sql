-- For how many milliseconds each lock is waited for until the transaction ends; 0 for as long as it takes.
create function wait_for_locks(p_ms int) returns void language sql volatile as $$
  select set_config('lock_timeout', p_ms::text, true) $$;
