-- Adds the receipts that were parked until the channel's ids of these attempts became known.
create function add_parked(p_token uuid[]) returns void language plpgsql volatile as $$
declare parked evidence[];
begin
  with found as (
    delete from parked_receipt p using attempt a
    where a.token = any (p_token) and a.channel_message_id is not null
      and p.account_id = a.account_id and p.channel_message_id = a.channel_message_id
    returning a.token, p.channel_message_id, p.status, p.at, p.code, p.title)
  select array_agg((token, channel_message_id, status, at, code, title)::evidence) into parked from found;
  perform add_evidence(array_agg(u.token), array_agg(u.channel_message_id), array_agg(u.status), array_agg(u.at), array_agg(u.code), array_agg(u.title))
    from unnest(parked) u having count(*) > 0;
end $$;
