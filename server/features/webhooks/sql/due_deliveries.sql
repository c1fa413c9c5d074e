-- The deliveries that a claim takes: for each of p_most keys that are due, the head and up to p_chain - 1 followers.
-- A last row with next_due alone tells when the first of the other heads is due. It reads no more of a long queue.
create function due_deliveries(p_at timestamptz, p_endpoint uuid, p_busy uuid[], p_most int, p_chain int)
returns table (seq bigint, order_key uuid, event_id bigint, attempts int, round int, next_due timestamptz)
language sql stable as $$
  with h as materialized (
    select d.*, d.due_at <= p_at and row_number() over (order by d.due_at, d.seq) <= p_most as is_taken
    from open_delivery d where d.endpoint_id = p_endpoint and d.head and d.order_key <> all (p_busy)
    order by d.due_at, d.seq limit p_most + 1),
  chains as (
    select h.due_at, h.seq as head_seq, 0 as place, h.seq, h.order_key, h.event_id, h.attempts, h.round
    from h where h.is_taken
    union all
    select h.due_at, h.seq, 1, c.seq, h.order_key, c.event_id, c.attempts, c.round
    from h, lateral (select d.* from open_delivery d where d.endpoint_id = p_endpoint and d.order_key = h.order_key
      and d.due_at <= p_at and d.seq <> h.seq order by d.seq limit p_chain - 1) c
    where h.is_taken)
  (select c.seq, c.order_key, c.event_id, c.attempts, c.round, null::timestamptz from chains c
    order by c.due_at, c.head_seq, c.place, c.seq)
  union all
  (select null, null, null, null, null, min(h.due_at) from h where not h.is_taken having count(*) > 0) $$;
