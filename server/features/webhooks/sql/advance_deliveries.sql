-- Makes the first waiting delivery of each of these keys its head, if the key has none. The caller has locked the lane,
-- as every writer of deliveries does, so each row stays at its place. Planned each time: where there was no delivery
-- yet, every index seems as good as the others.
-- plan: fresh indexed nested
create function advance_deliveries(p_endpoint uuid, p_keys uuid[]) returns void language sql volatile as $$
  update open_delivery d set head = true
  from unnest(p_keys) k(key), lateral (select n.ctid as place from open_delivery n
    where n.endpoint_id = p_endpoint and n.order_key = k.key order by n.seq limit 1) f
  where d.ctid = f.place and (select h.seq from open_delivery h
    where h.endpoint_id = p_endpoint and h.order_key = k.key and h.head limit 1) is null $$;
