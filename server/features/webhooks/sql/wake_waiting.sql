-- Makes due what waits at an endpoint because of failures: a success says that the outage is over. The caller has
-- locked the lane. A delivery that fails where others succeed is woken once, unless p_all says that there was a real
-- outage. A delivery that failed after the last success of these attempts waits.
create function wake_waiting(p_endpoint uuid, p_all boolean, p_seq bigint[], p_error text[], t timestamptz) returns void
language sql volatile as $$
  update open_delivery d set due_at = t, woken = true where d.endpoint_id = p_endpoint and d.head and d.due_at > t
    and d.round > 0 and (p_all or not d.woken)
    and d.seq <> all (p_seq[(select max(n) from unnest(p_error) with ordinality u(error, n) where error is null) :]) $$;
