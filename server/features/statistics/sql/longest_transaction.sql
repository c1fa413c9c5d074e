-- For how many seconds the longest transaction that writes has lasted: only who owns the sessions may see them.
create function longest_transaction() returns double precision language sql volatile security definer
  set search_path = recado, public, pg_temp as $$
  select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float from pg_stat_activity
    where backend_xid is not null $$;
revoke execute on function longest_transaction from public;
grant execute on function longest_transaction to recado_engine;
