-- Makes the first waiting delivery of each of these keys its head, if the key has none. The caller has locked the lane.
create function advance_deliveries(p_endpoint uuid, p_keys uuid[]) returns void language sql volatile as $$
  update delivery d set head = true
  from unnest(p_keys) k(key), lateral (select n.seq, n.head from delivery n
    where n.endpoint_id = p_endpoint and n.order_key = k.key and n.status = 'waiting'
    order by n.head desc, n.seq limit 1) f
  where d.seq = f.seq and not f.head $$;
