-- The oldest deliveries of an endpoint from before a time, p_most at most. The numbers of an endpoint rise with time.
create function old_deliveries(p_endpoint uuid, p_before timestamptz, p_most int) returns bigint[]
language sql stable as $$
  select array(select x.seq from (
    (select d.seq, d.created_at from ended_delivery d where d.endpoint_id = p_endpoint order by d.seq limit p_most)
    union all
    (select d.seq, d.created_at from open_delivery d where d.endpoint_id = p_endpoint order by d.seq limit p_most)
    order by seq limit p_most) x where x.created_at < p_before) $$;
