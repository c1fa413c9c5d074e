create function lock_receipts(p_account uuid, p_exclusive boolean) returns void language plpgsql volatile as $$
begin
  if p_exclusive then perform pg_advisory_xact_lock(hashtextextended(p_account::text, 2));
  else perform pg_advisory_xact_lock_shared(hashtextextended(p_account::text, 2)); end if;
end $$;
