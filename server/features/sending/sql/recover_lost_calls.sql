-- Marks calls as unknown whose runner did not return in time: they may have been made, so they are never queued again.
-- At most 500. Returns the accounts with the number of calls.
-- plan: inherited indexed
create function recover_lost_calls(p_now timestamptz) returns table (account_id uuid,
  done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := clock(p_now); n int;
  lost uuid[] := array(select token_of(id, fence) from open_message where state = 'sending' and lease_until < t
    order by lease_until limit 500);
begin
  n := cardinality(lost);
  if n = 0 then return; end if;
  return query select r.account_id, count(*) from record_outcomes(p_now, lost, array_fill('unknown'::text, array[n]), -- @mutant lost-call
    array_fill(null::text, array[n]), array_fill('worker_lost'::text, array[n]),
    array_fill('The worker stopped before it could say what came of the call.'::text, array[n]), array_fill(0,
      array[n]),
    array_fill(0::float8, array[n])) r group by 1;
end $$;
