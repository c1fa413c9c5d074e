-- Queues again what a claim took whose answer was not heard: none of its calls began. A claim that is at work holds the
-- lane, and is waited for; one that has not come to its turn yet is not. Gives how many calls of it were open.
create function give_back_claim(p_account uuid, p_tokens uuid[], p_now timestamptz, p_lock_ms int default 0)
returns int language plpgsql volatile as $$
declare lost uuid[]; n int;
begin
  perform wait_for_locks(p_lock_ms);
  perform 1 from lane where kind = 'send' and key = p_account for update;
  lost := array(select token from attempt where token = any (p_tokens) and status in ('sending', 'unknown'));
  n := cardinality(lost);
  if n > 0 then
    perform record_attempts(p_now, lost, array_fill('handed_back'::text, array[n]), array_fill(null::text, array[n]),
      array_fill(null::text, array[n]), array_fill(null::text, array[n]), array_fill(0, array[n]), array_fill(0::float8, array[n]), p_lock_ms);
  end if;
  return n;
end $$;
