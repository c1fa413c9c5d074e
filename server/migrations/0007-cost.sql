-- What messages cost: rate cards as dated data, the charge of each message, and counts of charges.

-- Countries by the beginning of their numbers, without the +. market: what Meta calls the country, and where its rate
-- cards have no such market, region has it. Of several rows of a prefix the newest that has begun counts.
create table calling_code (
  prefix text not null,
  valid_from date not null,
  country text not null,
  market text not null,
  region text not null,
  primary key (prefix, valid_from)
);
create index calling_code_country on calling_code (country);

-- Prices of a channel from a day on. rates: of markets by category. tiers: by how many were billed in the month before.
-- A card in use never changes: charges name it by its number.
create table rate_card (
  id uuid primary key,
  number int generated always as identity unique,
  workspace_id uuid not null references workspace,
  kind text not null check (kind in ('rates', 'tiers')),
  name text not null,
  currency text not null,
  valid_from date not null,
  file_name text not null,
  file_hash bytea not null,
  state text not null check (state in ('draft', 'used')),
  created_by uuid not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index rate_card_used on rate_card (workspace_id, kind, valid_from, number) where state = 'used';
create index rate_card_list on rate_card (workspace_id, id);

-- A rate that the card does not have is no row. tier_from: from which message of the month on, counted from 1.
create table rate (
  card_id uuid not null references rate_card on delete cascade,
  workspace_id uuid not null,
  market text not null,
  category text not null,
  tier_from bigint not null default 1,
  amount numeric(14,6) not null check (amount >= 0),
  primary key (card_id, market, category, tier_from)
);

-- The currency of a workspace, its caps, and how far its spend of a month is. month: what warned and reached are about.
create table cost_setting (
  workspace_id uuid primary key references workspace,
  currency text,
  cap numeric(14,2) check (cap > 0),
  account_cap numeric(14,2) check (account_cap > 0),
  campaign_cap numeric(14,2) check (campaign_cap > 0),
  month date,
  warned boolean not null default false,
  reached boolean not null default false
);

-- The same of an account, with what a provider adds to each rate. cap: null for that of the workspace's accounts.
create table cost_account (
  account_id uuid primary key references account,
  workspace_id uuid not null references workspace,
  cap numeric(14,2) check (cap > 0),
  surcharge_percent numeric(6,3) not null default 0 check (surcharge_percent between 0 and 1000),
  surcharge_fixed numeric(14,6) not null default 0 check (surcharge_fixed >= 0),
  month date,
  warned boolean not null default false,
  reached boolean not null default false
);

-- What a message costs. type: what the channel said of it as it was delivered; null for an estimate. amount: null where the
-- card has no rate. card: the number of the rate card that made it. day: by the account's clock. No foreign key on
-- message: its check would take longer than the row.
create table charge (
  message_id uuid primary key,
  account_id uuid not null,
  day date not null,
  card int,
  amount numeric,
  surcharge numeric,
  category text not null,
  country text not null,
  type text
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0);

-- The sums of charges, kept as those of messages are: deltas in the transaction of the fact, folded by the sweep.
-- country: empty where it is not known. template: its name. kind: charged and free are what the channel said.
create table cost_count (
  workspace_id uuid not null,
  account_id uuid not null,
  day date not null,
  category text not null,
  country text not null,
  template text,
  campaign_id uuid,
  kind text not null check (kind in ('estimated', 'charged', 'free', 'unrated')),
  messages bigint not null,
  amount numeric not null,
  surcharge numeric not null,
  unique nulls not distinct (workspace_id, account_id, day, category, country, template, campaign_id, kind)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index cost_count_campaign on cost_count (campaign_id) where campaign_id is not null;
create table cost_delta (
  id bigint generated always as identity primary key,
  workspace_id uuid not null,
  account_id uuid not null,
  day date not null,
  category text not null,
  country text not null,
  template text,
  campaign_id uuid,
  kind text not null,
  messages bigint not null,
  amount numeric not null,
  surcharge numeric not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create view cost with (security_invoker = true) as
  select workspace_id, account_id, day, category, country, template, campaign_id, kind, messages, amount, surcharge
    from cost_count
  union all
  select workspace_id, account_id, day, category, country, template, campaign_id, kind, messages, amount, surcharge
    from cost_delta;

-- What the channel says that a day of an account cost, beside what we counted. Days are in UTC. told_amount: null where the
-- channel tells no cost, because a partner pays.
create table reconciliation (
  id uuid primary key,
  workspace_id uuid not null,
  account_id uuid not null references account,
  day date not null,
  counted bigint not null,
  amount numeric not null,
  told bigint not null,
  told_amount numeric,
  compared_at timestamptz not null,
  unique (account_id, day)
);
create index reconciliation_list on reconciliation (workspace_id, day, id);

-- A category of the channel as rate cards name it.
create function charge_category(p_category text) returns text language sql immutable parallel safe as
  $$ select regexp_replace(replace(lower(p_category), '_', '-'), '^group-|-lite$', '', 'g') $$;

create function charge_kind(p_type text, p_amount numeric) returns text language sql immutable parallel safe as
  $$ select case when p_type like 'free%' then 'free' when p_amount is null then 'unrated' when p_type is null
    then 'estimated' else 'charged' end $$;

-- The card of a workspace that is in force on a day, with the tiers that belong to it.
create function card_on(p_workspace uuid, p_day date) returns table (id uuid, number int, tiers uuid)
language sql stable as $$
  select c.id, c.number, t.id
  from (select o.id, o.number, o.valid_from from rate_card o where o.workspace_id = p_workspace and o.state = 'used'
    and o.kind = 'rates' and o.valid_from <= p_day order by o.valid_from desc, o.number desc limit 1) c
  left join lateral (select o.id from rate_card o where o.workspace_id = p_workspace and o.state = 'used'
    and o.kind = 'tiers' and o.valid_from between c.valid_from and p_day
    order by o.valid_from desc, o.number desc limit 1) t on true $$;

-- The country of a number on a day.
create function calling_code_of(p_number text, p_day date) returns setof calling_code language sql stable as $$
  select k.* from generate_series(1, 7) n
  cross join lateral (select o.* from calling_code o where o.prefix = substr(p_number, 2, n) and o.valid_from <= p_day
    order by o.valid_from desc limit 1) k
  where p_number like '+%' order by n desc limit 1 $$;

-- The market of a card that has a country: its own, or that of its region.
create function market_of(p_card uuid, p_market text, p_region text) returns text language sql stable as $$
  select m from unnest(array[p_market, p_region]) with ordinality u(m, n)
  where exists (select 1 from rate r where r.card_id = p_card and r.market = m) order by n limit 1 $$;

-- How many messages of a market and category were billed in the month of a day.
create function billed_before(p_workspace uuid, p_card uuid, p_market text, p_category text, p_day date) returns bigint
language sql stable as $$
  select coalesce(sum(c.messages), 0)::bigint from cost c
  where c.workspace_id = p_workspace and c.day >= date_trunc('month', p_day)::date
    and c.day < (date_trunc('month', p_day) + interval '1 month')::date
    and c.category = p_category and c.kind = 'charged' and c.country = any (array(
      select k.country from calling_code k where market_of(p_card, k.market, k.region) = p_market)) $$;

-- Makes the charges of messages what their states say: an estimate while it is open, the truth once it is delivered and the
-- channel has said its price, and none where nobody got it. Charges that are true stay. p_told: receipts may have come, so
-- what was billed before has to be exact.
create function charge_messages(p_messages uuid[], p_told boolean) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  if p_told then
    -- A tier begins at one message: who counts up to it counts alone.
    perform pg_advisory_xact_lock(hashtextextended('tiers ' || w.workspace_id, 0))
      from (select distinct m.workspace_id from message m where m.id = any (p_messages) order by 1) w
      where exists (select 1 from rate_card c where c.workspace_id = w.workspace_id and c.state = 'used' and c.kind = 'tiers');
  end if;
  with due as materialized (
    select m.id, m.workspace_id, m.account_id, m.contact_id, m.address, m.campaign_id, m.delivered_at,
      case when m.type = 'template' then m.content ->> 'name' end as template, z.*, s.*, c.message_id is not null as known,
      c.day as old_day, c.category as old_category, c.country as old_country, c.type as old_type, c.amount as old_amount,
      c.surcharge as old_surcharge, coalesce(m.category, 'service') as expected, p.pricing
    from unnest(p_messages) u(id)
    cross join lateral (select o.* from message o where o.id = u.id limit 1) m
    cross join lateral (select o.time_zone from account o where o.id = m.account_id and not o.simulated
      and not o.needs_session limit 1) a
    left join lateral (select o.* from charge o where o.message_id = m.id limit 1) c on true
    left join lateral (select o.pricing from attempt o where m.delivered_at is not null and o.token > m.id
      and o.token <= overlay(m.id::text placing 'ffff' from 33)::uuid and o.pricing ->> 'type' is not null
      order by o.token desc limit 1) p on true
    cross join lateral (select
      (coalesce(m.sent_at, m.send_at, m.created_at) at time zone a.time_zone)::date as rated_on,
      (coalesce(m.delivered_at, m.sent_at, m.send_at, m.created_at) at time zone a.time_zone)::date as day) z
    cross join lateral (select case when p.pricing is not null then 'told' when m.delivered_at is null
      and m.status in ('failed', 'cancelled', 'expired') then 'none' else 'estimated' end as state) s
    where m.direction = 'outbound' and m.source is null and not m.imported
      and case s.state when 'told' then c.type is null when 'none' then c.message_id is not null
        else c.message_id is null and m.type <> 'reaction' end),
  places as materialized (
    select d.*, p.category, p.type, k.market as own_market, k.region, coalesce(k.country, '') as country
    from due d
    cross join lateral (select charge_category(coalesce(d.pricing ->> 'category', d.expected)) as category,
      d.pricing ->> 'type' as type) p
    left join lateral calling_code_of(case when d.address like '+%' then d.address else (select x.value
      from contact_address x where x.contact_id = d.contact_id and x.kind = 'phone' order by x.number desc limit 1) end,
      d.rated_on) k on true
    where d.state <> 'none'),
  -- Once for all messages of a day to a country.
  cards as materialized (
    select g.*, c.id, c.number, c.tiers, market_of(c.id, g.own_market, g.region) as market
    from (select distinct p.workspace_id, p.rated_on, p.own_market, p.region from places p) g
    cross join lateral card_on(g.workspace_id, g.rated_on) c),
  facts as materialized (
    select p.*, c.id as card_id, c.number as card, c.tiers, c.market
    from places p join cards c on c.workspace_id = p.workspace_id and c.rated_on = p.rated_on
      and c.own_market is not distinct from p.own_market and c.region is not distinct from p.region),
  -- A service message is free while the number has any of its allowance left.
  allowance as materialized (
    select g.account_id, g.month, 1000 - coalesce((select sum(o.messages) from cost o where o.workspace_id = g.workspace_id
      and o.account_id = g.account_id and o.day >= g.month and o.day < (g.month + interval '1 month')::date
      and o.category = 'service' and o.kind = 'free'), 0) as left_free
    from (select distinct f.workspace_id, f.account_id, date_trunc('month', f.day)::date as month from facts f
      where f.type is null and f.category = 'service') g),
  volume as materialized (
    select g.*, billed_before(g.workspace_id, g.card_id, g.market, g.category, g.month) as billed
    from (select distinct f.workspace_id, f.card_id, f.market, f.category, date_trunc('month', f.day)::date as month
      from facts f where f.tiers is not null and f.type not like 'free%' is not false) g),
  placed as materialized (
    select f.*, f.type like 'free%' is true
        or f.type is null and f.category = 'service' and row_number() over (partition by f.account_id, f.category, f.type,
          date_trunc('month', f.day) order by f.delivered_at, f.id) <= w.left_free as is_free,
      coalesce(v.billed, 0) + row_number() over (partition by f.workspace_id, f.card_id, f.market, f.category,
        date_trunc('month', f.day), f.type like 'free%' is true order by f.delivered_at, f.id) as place
    from facts f
    left join volume v on v.workspace_id = f.workspace_id and v.card_id = f.card_id and v.market = f.market
      and v.category = f.category and v.month = date_trunc('month', f.day)::date
    left join allowance w on w.account_id = f.account_id and w.month = date_trunc('month', f.day)::date),
  priced as materialized (
    select p.*, case when p.is_free is true then 0 else coalesce(
        (select r.amount from rate r where r.card_id = p.tiers and r.market = p.market and r.category = p.category
          and r.tier_from <= p.place order by r.tier_from desc limit 1),
        (select r.amount from rate r where r.card_id = p.card_id and r.market = p.market and r.category = p.category
          and r.tier_from = 1 limit 1)) end as amount
    from placed p),
  added as materialized (
    select p.*, case when p.is_free is not true then nullif(p.amount * s.surcharge_percent / 100 + s.surcharge_fixed, 0) end
        as surcharge
    from priced p left join lateral (select o.surcharge_percent, o.surcharge_fixed from cost_account o
      where o.account_id = p.account_id limit 1) s on true),
  gone as (delete from charge c using due d where d.state = 'none' and c.message_id = d.id),
  stored as (
    insert into charge as c (message_id, account_id, day, card, amount, surcharge, category, country, type)
    select id, account_id, day, card, amount, surcharge, category, country, type from added
    on conflict (message_id) do update set day = excluded.day, card = excluded.card, amount = excluded.amount,
      surcharge = excluded.surcharge, category = excluded.category, country = excluded.country, type = excluded.type)
  insert into cost_delta (workspace_id, account_id, day, category, country, template, campaign_id, kind, messages, amount,
    surcharge)
  select workspace_id, account_id, day, category, country, template, campaign_id, kind, sum(n),
    coalesce(sum(n * amount), 0), coalesce(sum(n * surcharge), 0)
  from (
    select 1 as n, workspace_id, account_id, day, category, country, template, campaign_id, charge_kind(type, amount) as kind,
      amount, surcharge from added
    union all
    select -1, d.workspace_id, d.account_id, d.old_day, d.old_category, d.old_country, d.template, d.campaign_id,
      charge_kind(d.old_type, d.old_amount), d.old_amount, d.old_surcharge
    from due d where d.known and (d.state = 'none' or exists (select 1 from added a where a.id = d.id))) x
  group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(n) <> 0 or sum(n * amount) <> 0 or sum(n * surcharge) <> 0;
end $$;

-- Without a rate card nothing is kept.
create function charge_added() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
declare messages uuid[];
begin
  if (select true from rate_card where state = 'used' limit 1) is null then return null; end if;
  messages := array(select id from added where direction = 'outbound'
    and workspace_id in (select c.workspace_id from rate_card c where c.state = 'used'));
  if messages <> '{}' then perform charge_messages(messages, false); end if;
  return null;
end $$;

create function charge_changed() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
declare messages uuid[];
begin
  if (select true from rate_card where state = 'used' limit 1) is null then return null; end if;
  messages := array(select id from added where direction = 'outbound'
    and (delivered_at is not null or status in ('failed', 'cancelled', 'expired', 'queued', 'scheduled'))
    and workspace_id in (select c.workspace_id from rate_card c where c.state = 'used'));
  if messages <> '{}' then perform charge_messages(messages, true); end if;
  return null;
end $$;

create function charge_removed() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if (select true from rate_card where state = 'used' limit 1) is null then return null; end if;
  delete from charge where message_id in (select id from removed);
  return null;
end $$;

create trigger message_charge_added after insert on message referencing new table as added
  for each statement execute function charge_added();
create trigger message_charge_changed after update on message referencing new table as added
  for each statement execute function charge_changed();
create trigger message_charge_removed after delete on message referencing old table as removed
  for each statement execute function charge_removed();

create function rate_card_event() returns trigger language plpgsql as $$
begin
  perform append_event(new.workspace_id, 'rate_card.used', null, jsonb_build_object('rate_card_id', new.id, 'name', new.name,
    'valid_from', new.valid_from), clock_timestamp());
  return null;
end $$;
create trigger rate_card_used_event after update on rate_card for each row
  when (old.state = 'draft' and new.state = 'used') execute function rate_card_event();

-- The cap and the spend of a month, once at 80 % and once at 100 %.
create function append_cap_event(p_type text, p_workspace uuid, p_account uuid, p_month date, p_campaign uuid default null)
returns void language sql volatile as $$
  select append_event(p_workspace, 'spend_cap.' || p_type, p_account, jsonb_build_object(
    'account_id', p_account, 'campaign_id', p_campaign, 'month', to_char(p_month, 'YYYY-MM')), clock_timestamp()) $$;
create function workspace_cap_event() returns trigger language plpgsql as $$
begin
  perform append_cap_event(case when new.reached then 'reached' else 'approached' end, new.workspace_id, null, new.month);
  return null;
end $$;
create trigger workspace_cap_event after update on cost_setting for each row
  when (new.reached and not old.reached or new.warned and not old.warned) execute function workspace_cap_event();
create function account_cap_event() returns trigger language plpgsql as $$
begin
  perform append_cap_event(case when new.reached then 'reached' else 'approached' end, new.workspace_id, new.account_id,
    new.month);
  return null;
end $$;
create trigger account_cap_event after update on cost_account for each row
  when (new.reached and not old.reached or new.warned and not old.warned) execute function account_cap_event();

do $$
declare t text;
  own text := 'workspace_id = (select own_workspace())';
  mine text := ' and ((select every_account()) or account_id = any ((select own_accounts())::uuid[]))';
begin
  foreach t in array '{rate_card,rate,cost_setting,cost_account,charge,cost_count,cost_delta,reconciliation}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t, case
      when t in ('rate_card', 'rate', 'cost_setting') then own
      when t = 'charge' then 'account_id in (select id from account)'
      else own || mine end);
    execute format('grant select, insert, update, delete on %I to recado_api, recado_engine', t);
  end loop;
end $$;
grant select on cost to recado_api, recado_engine;
grant select on calling_code to recado_api, recado_engine;
