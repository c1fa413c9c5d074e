-- What messages cost, by place. Null for one that nobody bills, or without a card in force. A tier prices the messages
-- of a month in the order of their delivery; an estimate takes a place after all that were folded.
-- plan: kept indexed
create function price_messages(p_facts charge_fact[]) returns message_charge[] language plpgsql volatile strict as $$
declare charges message_charge[];
begin
  -- A tier begins at one message: who counts up to it counts alone. The next statement sees what it waited for.
  perform pg_advisory_xact_lock(hashtextextended('tiers ' || w.workspace_id, 0))
    from (select distinct f.workspace_id from unnest(p_facts) f where f.type is not null order by 1) w
    where exists (select 1 from rate_card c where c.workspace_id = w.workspace_id and c.state = 'used'
      and c.kind = 'tiers');
  with facts as materialized (select * from charge_places(p_facts)),
  -- A service message is free while the number has any of its allowance left.
  allowance as materialized (
    select g.account_id, g.month, 1000 - coalesce((select sum(o.messages) from cost_count o
      where o.account_id = g.account_id and o.day >= g.month and o.day < (g.month + interval '1 month')::date
      and o.category = 'service' and o.kind = 'free'), 0) as left_free
    from (select distinct f.account_id, f.month from facts f where f.type is null and f.category = 'service') g),
  volume as materialized (
    select g.*, billed_before(g.workspace_id, g.card_id, g.market, g.category, g.month, g.is_told) as billed
    from (select distinct f.workspace_id, f.card_id, f.market, f.category, f.month, f.type is not null as is_told
      from facts f where f.tiers is not null and f.type like 'free%' is not true) g),
  ranked as materialized (
    select f.*, f.type like 'free%' is true or f.type is null and row_number() over (partition by f.account_id,
        f.category, f.type, f.month order by f.at, f.id) <= w.left_free as is_free,
      coalesce(v.billed, 0) + row_number() over (partition by f.workspace_id, f.card_id, f.market, f.category, f.month,
        f.type like 'free%' is true order by f.at, f.id) as place
    from facts f
    left join volume v on v.workspace_id = f.workspace_id and v.card_id = f.card_id and v.market = f.market
      and v.category = f.category and v.month = f.month
    left join allowance w on w.account_id = f.account_id and w.month = f.month and f.category = 'service'),
  priced as materialized (
    select r.*, case when r.is_free is true then 0 else coalesce(
      -- The channel's own amount, in the currency of the card.
      (select f.told from unnest(p_facts) with ordinality f join rate_card c on c.id = r.card_id
        and c.currency = f.told_in where f.ordinality = r.ordinality),
      (select o.amount from rate o where o.card_id = r.tiers and o.market = r.market and o.category = r.category
        and o.tier_from <= r.place order by o.tier_from desc limit 1),
      (select o.amount from rate o where o.card_id = r.card_id and o.market = r.market and o.category = r.category
        and o.tier_from = 1 limit 1)) end as amount from ranked r)
  select array_agg(case when p.card_id is not null then row(p.day, p.number, p.amount, case when p.is_free is not true
      then nullif(p.amount * p.percent / 100 + p.fixed, 0) end, p.category, p.country, p.type)::message_charge end
    order by p.ordinality) into charges from priced p;
  return charges;
end $$;
