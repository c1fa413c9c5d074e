-- Applies the receipts that were kept until the channel's ids of these attempts became known.
-- plan: kept indexed
create function apply_orphans(p_token uuid[], t timestamptz) returns void language plpgsql volatile as $$
declare found evidence[];
begin
  with gone as (
    delete from orphan_receipt p using attempt a
    where a.token = any (p_token) and a.channel_message_id is not null
      and p.account_id = a.account_id and p.channel_message_id = a.channel_message_id -- @mutant orphan-receipts
    returning a.token, p.channel_message_id, p.status, p.at, p.code, p.title, p.pricing)
  select array_agg((token, channel_message_id, status, at, code, title, pricing)::evidence) into found from gone;
  if found is not null then perform apply_evidence(found, t); end if;
end $$;
