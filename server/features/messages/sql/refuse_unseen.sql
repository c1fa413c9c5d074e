-- Refuses each accepted message of a batch whose writer has not seen what somebody else wrote in the conversation
-- since: a message, also on the phone, that is no reaction and of no campaign, or a note. Others wait for the lanes, so
-- they see what this batch stores. Of those in the batch the first of each conversation goes, and what its writer says
-- more. A message without seen always goes. Messages of the customer refuse nothing.
-- plan: kept indexed nested
create function refuse_unseen(p_requests accept_request[], p_targets accept_target[]) returns accept_target[]
language plpgsql volatile as $$
declare checked accept_target[];
begin
  with u as materialized (
    select u.ordinality as place, u.conversation_id as conversation, u.created_by as author, u.seen,
      u.type = 'reaction' or u.campaign_id is not null as is_aside,
      coalesce((select o.seq from message o where o.id = u.seen limit 1),
        (select o.seq from note o where o.id = u.seen limit 1), 0) as seen_seq
    from unnest(p_requests, p_targets) with ordinality u
    where u.outcome = 'accepted' and u.conversation_id is not null),
  late as materialized (
    select u.place from u where u.seen is not null and (
      (select true from message o where o.conversation_id = u.conversation and o.seq > u.seen_seq
        and o.direction = 'outbound' and o.type <> 'reaction' and o.campaign_id is null and not o.imported
        and o.status <> 'cancelled' and (o.created_by <> u.author or o.source = 'phone')
        order by o.seq limit 1)
      or (select true from note o where o.conversation_id = u.conversation and o.seq > u.seen_seq
        and o.deleted_at is null and o.author <> u.author order by o.seq limit 1))),
  stays as materialized (
    select u.*, row_number() over (partition by u.conversation order by u.place) as rank
    from u where not u.is_aside and u.place not in (select place from late)),
  refused as materialized (
    select place from late
    union all select u.place from stays u where u.seen is not null
      and exists (select 1 from stays b where b.conversation = u.conversation and b.place < u.place
        and b.author is distinct from u.author and (b.rank = 1 or b.seen is null)))
  select array_agg(row(p.contact_id, p.conversation_id, p.idle, p.outranks, p.heard, p.opt_out,
      case when p.ordinality in (select place from refused) then 'conversation_changed' else p.outcome end,
      p.begun)::accept_target order by p.ordinality)
    into checked from unnest(p_targets) with ordinality p;
  return checked;
end $$;
