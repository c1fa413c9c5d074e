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
create index cost_count_free on cost_count (account_id, day) where kind = 'free' and category = 'service';
create index cost_count_charged on cost_count (workspace_id, category, country, day) where kind = 'charged';
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

-- As what a message counts. Null where it costs nothing: it has no charge, or nobody got it.
create function charge_kind(p_day date, p_type text, p_amount numeric, p_status text, p_delivered_at timestamptz)
returns text language sql immutable parallel safe as
  $$ select case when p_day is null or p_type is null and p_delivered_at is null
      and p_status in ('failed', 'cancelled', 'expired') then null
    when p_type like 'free%' then 'free' when p_amount is null then 'unrated' when p_type is null then 'estimated'
    else 'charged' end $$;

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
  select k.* from calling_code k
  where p_number like '+%' and k.valid_from <= p_day and k.prefix = any (array[substr(p_number, 2, 1),
    substr(p_number, 2, 2), substr(p_number, 2, 3), substr(p_number, 2, 4), substr(p_number, 2, 5),
    substr(p_number, 2, 6), substr(p_number, 2, 7)])
  order by length(k.prefix) desc, k.valid_from desc limit 1 $$;

-- The market of a card that has a country: its own, or that of its region.
create function market_of(p_card uuid, p_market text, p_region text) returns text language sql stable as $$
  select m from unnest(array[p_market, p_region]) with ordinality u(m, n)
  where exists (select 1 from rate r where r.card_id = p_card and r.market = m) order by n limit 1 $$;

-- How many messages of a market and category were billed in the month of a day: exactly, or but for the last seconds.
create function billed_before(p_workspace uuid, p_card uuid, p_market text, p_category text, p_day date, p_exactly boolean)
returns bigint language sql stable as $$
  with codes as materialized (select distinct k.country from calling_code k
    where p_market in (k.market, k.region) and market_of(p_card, k.market, k.region) = p_market)
  select (coalesce((select sum(c.messages) from cost_count c where c.workspace_id = p_workspace
      and c.category = p_category and c.kind = 'charged' and c.country = any (array(select country from codes))
      and c.day >= date_trunc('month', p_day)::date and c.day < (date_trunc('month', p_day) + interval '1 month')::date), 0)
    + coalesce((select sum(c.messages) from cost_delta c where p_exactly and c.workspace_id = p_workspace
      and c.category = p_category and c.kind = 'charged' and c.country = any (array(select country from codes))
      and c.day >= date_trunc('month', p_day)::date
      and c.day < (date_trunc('month', p_day) + interval '1 month')::date), 0))::bigint $$;

-- Says in each statement that changes messages what it changed in the costs. Without a rate card nothing is kept. Costs
-- of deleted messages stay in the sums.
create function count_costs() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if (select true from rate_card where state = 'used' limit 1) is null then return null; end if;
  if tg_op = 'INSERT' then
    insert into cost_delta (workspace_id, account_id, day, category, country, template, campaign_id, kind, messages,
      amount, surcharge)
    select workspace_id, account_id, charge_day, charge_category, charge_country, counted_template(type, content),
      campaign_id, charge_kind(charge_day, charge_type, charge_amount, status, delivered_at), count(*),
      coalesce(sum(charge_amount), 0), coalesce(sum(charge_surcharge), 0)
    from added where charge_kind(charge_day, charge_type, charge_amount, status, delivered_at) is not null
    group by 1, 2, 3, 4, 5, 6, 7, 8;
  else
    insert into cost_delta (workspace_id, account_id, day, category, country, template, campaign_id, kind, messages,
      amount, surcharge)
    select workspace_id, account_id, charge_day, charge_category, charge_country, template, campaign_id, kind, sum(n),
      coalesce(sum(n * charge_amount), 0), coalesce(sum(n * charge_surcharge), 0)
    from (
      select 1 as n, workspace_id, account_id, charge_day, charge_category, charge_country,
        counted_template(type, content) as template, campaign_id, charge_amount, charge_surcharge,
        charge_kind(charge_day, charge_type, charge_amount, status, delivered_at) as kind from added
      union all
      select -1, workspace_id, account_id, charge_day, charge_category, charge_country,
        counted_template(type, content), campaign_id, charge_amount, charge_surcharge,
        charge_kind(charge_day, charge_type, charge_amount, status, delivered_at) from removed) x
    where kind is not null
    group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(n) <> 0 or sum(n * charge_amount) <> 0 or sum(n * charge_surcharge) <> 0;
  end if;
  return null;
end $$;

create trigger message_cost_added after insert on message referencing new table as added
  for each statement execute function count_costs();
create trigger message_cost_changed after update on message referencing old table as removed new table as added
  for each statement execute function count_costs();

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
  foreach t in array '{rate_card,rate,cost_setting,cost_account,cost_count,cost_delta,reconciliation}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
    execute format('create policy api on %I to recado_api using (%s) with check (%2$s)', t, case
      when t in ('rate_card', 'rate', 'cost_setting') then own
      else own || mine end);
    execute format('grant select, insert, update, delete on %I to recado_api, recado_engine', t);
  end loop;
end $$;
grant select on cost to recado_api, recado_engine;
grant select on calling_code to recado_api, recado_engine;
