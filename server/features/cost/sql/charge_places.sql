-- Of messages whose cost is asked for: the day and the country that they count for, and the card that is in force. No
-- card for what nobody bills.
-- plan: kept indexed
create function charge_places(p_facts charge_fact[]) returns table (ordinality bigint, id uuid, workspace_id uuid,
  account_id uuid, type text, at timestamptz, rated_on date, day date, month date, category text, percent numeric,
  fixed numeric, country text, own_market text, region text, card_id uuid, number int, tiers uuid, market text)
language plpgsql stable as $$
#variable_conflict use_column
begin
  return query
  with placed as materialized (
    select f.ordinality, f.id, f.workspace_id, f.account_id, f.type, f.at, z.rated_on, z.day,
      date_trunc('month', z.day)::date as month, charge_category(f.category) as category, a.surcharge_percent,
      a.surcharge_fixed, coalesce(k.country, '') as country, k.market as own_market, k.region
    from unnest(p_facts) with ordinality f
    left join lateral (select o.time_zone, s.surcharge_percent, s.surcharge_fixed from account o
      left join cost_account s on s.account_id = o.id
      where o.id = f.account_id and not o.simulated and not o.needs_session limit 1) a on true
    cross join lateral (select (f.left_at at time zone a.time_zone)::date as rated_on,
      (f.at at time zone a.time_zone)::date as day) z
    -- Apart, with offset 0: calling_code_of becomes a part of the plan where its arguments are columns.
    cross join lateral (select case when f.address like '+%' then f.address else (select x.value from contact_address x
      where x.contact_id = f.contact_id and x.kind = 'phone' order by x.number desc limit 1) end as number offset 0) n
    left join lateral calling_code_of(n.number, z.rated_on) k on true),
  -- Once for all messages of a day to a country.
  cards as materialized (
    select g.*, c.id as card_id, c.number, c.tiers, market_of(c.id, g.own_market, g.region) as market
    from (select distinct p.workspace_id, p.rated_on, p.own_market, p.region from placed p
      where p.rated_on is not null) g
    cross join lateral card_on(g.workspace_id, g.rated_on) c)
  select p.*, c.card_id, c.number, c.tiers, c.market
  from placed p left join cards c on c.workspace_id = p.workspace_id and c.rated_on = p.rated_on
    and c.own_market is not distinct from p.own_market and c.region is not distinct from p.region;
end $$;
