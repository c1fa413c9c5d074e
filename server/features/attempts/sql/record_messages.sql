-- Recomputes messages from their attempts (see sum_attempts), or from what they keep themselves and evidence about it,
-- which comes with p_told (see apply_evidence).
-- Only positive evidence changes a message that is queued again, cancelled or expired. An event tells each of sent,
-- delivered, read and played once, in this order, also where evidence skips some or tells several at once. Only a
-- message that is sent again has a second message.sent. p_by_hand: a person reports it, not the channel. The caller
-- has locked the messages, and updates the open rows. What the channel says of the price of a delivered message
-- replaces the estimate, once.
-- plan: kept indexed nested
create function record_messages(p_messages uuid[], t timestamptz, p_by_hand boolean default false,
  p_told evidence[] default '{}') returns void
language plpgsql volatile as $$
declare messages uuid[] := p_messages || array(select token_of(e.token, 0) from unnest(p_told) e);
begin
  with seen as materialized (
    select m.id, m.workspace_id, m.account_id, m.event_count, m.status as before, x.status as after, x.code, x.title,
      x.failed_at, x.sent_at, x.delivered_at, x.read_at, x.played_at, x.channel_message_id, x.pricing, n.types,
      c.is_told, count(*) filter (where c.is_told) over (order by m.id)::int as charge,
      case when c.is_told then row(m.id, m.workspace_id, m.account_id, m.contact_id, m.address,
        coalesce(x.pricing ->> 'category', m.category, 'service'), x.pricing ->> 'type',
        greatest(m.created_at, x.sent_at), greatest(m.created_at, x.delivered_at),
        (x.pricing #>> '{cost,amount}')::numeric, x.pricing #>> '{cost,currency}')::charge_fact end as fact,
      row(m.charge_day, m.charge_card, m.charge_amount, m.charge_surcharge, m.charge_category, m.charge_country,
        m.charge_type)::message_charge as known, sum(cardinality(n.types)) over (order by m.id)::int as last_event
    from (select distinct id, null::timestamptz as sent_at, null::timestamptz as delivered_at,
        null::timestamptz as read_at, null::timestamptz as played_at, null::jsonb as pricing from unnest(p_messages) id -- @mutant late-evidence
      union all select token_of(e.token, 0), e.sent_at, e.delivered_at, e.read_at, e.played_at, e.pricing
        from sum_evidence(p_told) e) u
    cross join lateral (select * from message m where m.id = u.id limit 1) m
    left join lateral (select * from open_message o where o.id = u.id limit 1) o on true
    cross join lateral (
      select a.* from sum_attempts(m.id, o.fence, m.status not in ('scheduled', 'queued', 'cancelled', 'expired')) a
        where m.keeps_evidence is null
      union all
      select case when k.played_at is not null then 'played' when k.read_at is not null then 'read'
        when k.delivered_at is not null then 'delivered' else 'sent' end, null, null, null, k.*
      from (select least(m.sent_at, u.sent_at, u.delivered_at, u.read_at, u.played_at),
        least(m.delivered_at, u.delivered_at, u.read_at, u.played_at) as delivered_at,
        least(m.read_at, u.read_at, u.played_at) as read_at, least(m.played_at, u.played_at) as played_at,
        m.channel_message_id, coalesce(u.pricing, m.pricing)) k where m.keeps_evidence) x
    cross join lateral (select case when m.status = x.status then '{}' else array(
        select 'message.' || p.word from (values ('sent', m.sent_at, x.sent_at),
          ('delivered', m.delivered_at, x.delivered_at), ('read', m.read_at, x.read_at),
          ('played', m.played_at, x.played_at)) p(word, known, told)
        where p.word = x.status or p.told is not null -- @mutant overtaken-events
          and evidence_rank(p.word) > evidence_rank(nullif(m.status, 'failed'))
          -- A time that is known has its event, unless a failure was told first.
          and (p.known is null or not exists (select 1 from events_of(array[m.id]) e
            where e.type = 'message.' || p.word))
        order by evidence_rank(p.word))
      || array_remove(array[case when x.status = 'failed' then 'message.failed' end,
        case when not p_by_hand and (m.status = 'failed' and m.error_code = 'unknown_outcome'
          or m.status = 'unknown' and o.resolve_by is null or m.status in ('cancelled', 'expired'))
          then 'message.reconciled' end], null) end as types) n
    cross join lateral (select x.pricing ->> 'type' is not null and x.delivered_at is not null and m.charge_type is null
      and m.direction = 'outbound' and m.source is null and not m.imported
      and (select true from rate_card where state = 'used' limit 1) is not null as is_told) c),
  priced as materialized (
    select price_messages(array_agg(s.fact order by s.id) filter (where s.is_told)) as charges from seen s),
  told as materialized (
    select append_message_events(array_agg(row(s.workspace_id, e.type,
      case e.type when 'message.failed' then jsonb_build_object('code', s.code, 'title', s.title)
        when 'message.reconciled' then jsonb_build_object('from', s.before, 'to', s.after) else '{}' end,
      s.id, s.account_id, s.event_count + e.n)::message_fact order by s.id, e.n), t) as ids
    from seen s cross join lateral unnest(s.types) with ordinality e(type, n))
  -- The channel's times have whole seconds, so they may lie before what they follow.
  update message m set status = s.after,
    sent_at = case when s.sent_at is not null then greatest(m.created_at, s.sent_at) end,
    delivered_at = case when s.delivered_at is not null then greatest(m.created_at, s.delivered_at) end,
    read_at = case when s.read_at is not null then greatest(m.created_at, s.read_at) end,
    played_at = case when s.played_at is not null then greatest(m.created_at, s.played_at) end,
    failed_at = case when s.after = 'failed' then s.failed_at end,
    error_code = case when s.after = 'failed' then s.code end,
    error_title = case when s.after = 'failed' then s.title end,
    channel_message_id = coalesce(s.channel_message_id, m.channel_message_id),
    pricing = case when m.keeps_evidence then s.pricing end, event_count = m.event_count + cardinality(s.types),
    events = m.events || told.ids[s.last_event - cardinality(s.types) + 1:s.last_event],
    (charge_day, charge_card, charge_amount, charge_surcharge, charge_category, charge_country, charge_type) =
      (select (case when s.is_told then priced.charges[s.charge] else s.known end).*)
  from seen s, told, priced where m.id = any (messages) and m.id = s.id;
end $$;
