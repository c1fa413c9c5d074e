-- Releases the messages assigned to a runner that it does not have in hand: from an accept or claim without a response,
-- or from before its stop. In hand are all calls that have begun, also those without a recorded outcome. The runner
-- calls this between its own claims and accepts, so no claim under way is released. Returns the accounts with counts.
-- plan: inherited indexed
create function reconcile(p_now timestamptz, p_runner text, p_in_hand uuid[]) returns table (account_id uuid,
  done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  n int;
  lost uuid[] := array(select token_of(id, fence) from open_message where state = 'sending' and runner = p_runner
    and token_of(id, fence) <> all (p_in_hand)); -- @mutant reconcile-in-hand
begin
  n := cardinality(lost);
  if n = 0 then return; end if;
  return query select r.account_id, count(*) from record_outcomes(p_now, lost, array_fill('released'::text, array[n]),
    array_fill(null::text, array[n]), array_fill(null::text, array[n]), array_fill(null::text, array[n]),
      array_fill(0, array[n]),
    array_fill(0::float8, array[n])) r group by 1;
end $$;
