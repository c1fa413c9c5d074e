-- Queues messages that a stopped campaign holds, at most p_max, in their order. One without an estimate gets it, and
-- the first that p_left does not pay for ends the piece; null: all are paid for. Returns how many it queued, and what
-- the first that is not paid for costs. The caller has locked the lanes.
-- plan: inherited
create function release_reserved(t timestamptz, p_campaign uuid, p_left numeric, p_max int, out released int,
  out needs text) language plpgsql volatile as $$
declare found uuid[]; charges message_charge[]; conversations uuid[];
begin
  found := array(select o.id from open_message o where o.campaign_id = p_campaign and o.state = 'held'
    and o.wait_reason = 'campaign_paused' order by o.seq limit p_max);
  if (select true from rate_card where state = 'used' limit 1) then
    charges := price_messages(array(select case when m.charge_day is null then row(m.id, m.workspace_id, m.account_id,
      m.contact_id, m.address, coalesce(m.category, 'service'), null, t, t, null, null)::charge_fact end
      from unnest(found) with ordinality u(id, n) join message m on m.id = u.id order by u.n));
  end if;
  select min(x.price) filter (where x.n = x.paid + 1), found[1:min(x.paid)] into needs, found
    from (select y.*, count(*) filter (where y.total <= coalesce(p_left, y.total)) over () as paid
      from (select u.n, p.price, sum(p.price) over (order by u.n) as total from unnest(found) with ordinality u(id, n)
        cross join lateral (select trim_scale(coalesce(charges[u.n].charge_amount
          + coalesce(charges[u.n].charge_surcharge, 0), 0)) as price) p) y) x
    group by x.paid;
  released := coalesce(cardinality(found), 0);
  if released = 0 then return; end if;
  conversations := array(select distinct conversation_id from open_message where id = any (found));
  update open_message set state = 'queued', ready_at = t, wait_reason = null where id = any (found);
  with shown as (
    update message m set event_count = m.event_count + 1, charge_day = coalesce(m.charge_day, charges[u.n].charge_day),
      charge_card = coalesce(m.charge_card, charges[u.n].charge_card),
      charge_amount = coalesce(m.charge_amount, charges[u.n].charge_amount),
      charge_surcharge = coalesce(m.charge_surcharge, charges[u.n].charge_surcharge),
      charge_category = coalesce(m.charge_category, charges[u.n].charge_category),
      charge_country = coalesce(m.charge_country, charges[u.n].charge_country)
    from unnest(found) with ordinality u(id, n) where m.id = u.id
    returning m.id, m.workspace_id, m.account_id, m.event_count)
  insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.queued', account_id, id, event_count, '{"reason": "campaign_resumed"}', t from shown;
  perform advance(conversations, t); -- @mutant campaign-released
end $$;
