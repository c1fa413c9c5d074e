-- What the accepted requests are expected to cost, by place. Null without any rate card.
-- plan: kept indexed
create function expected_charges(p_requests accept_request[], p_targets accept_target[], t timestamptz)
returns message_charge[] language plpgsql volatile as $$
begin
  if (select true from rate_card where state = 'used' limit 1) is null then return null; end if;
  return price_messages(array(
    select case when u.outcome = 'accepted' and u.type <> 'reaction' then row(u.id, u.workspace_id, u.account_id,
      u.contact_id, u.address, coalesce(u.category, 'service'), null, x.leaves_at, x.leaves_at, null,
      null)::charge_fact end
    from unnest(p_requests, p_targets) with ordinality u
    cross join lateral (select coalesce(u.send_at, t) as leaves_at) x order by u.ordinality));
end $$;
