-- Selects the heads of each account that may be called now, at most p_max, in the order of sending. rank counts them;
-- used counts those that take a place of the day. A head that only its conversation delays has deferred_until instead.
-- plan: kept indexed nested
create function candidates(p_lanes lane_limits[], p_accounts uuid[], p_max int[], t timestamptz)
returns table (place tid, id uuid, conversation_id uuid, slots int, left_today int, today date, fresh boolean,
  opens boolean,
  rank bigint, used bigint, deferred_until timestamptz, reason text) language sql stable as $$
  with page as materialized (
    select p.* from ready_heads(p_lanes, p_accounts, p_max, t) p
    where (p.quiet_until is null or p.priority = 0) -- @mutant quiet-hours
      and (p.held_until is null or p.held_until <= t)
      and case when p.at_limit then p.usage_day = p.today else p.left_today > 0 end),
  judged as materialized (
    select p.*, p.usage_day is distinct from p.today as fresh, v.id is not null and p.left_new is not null
        and v.opened_on is distinct from p.today
        and (v.last_received_at is null or v.last_received_at < t - interval '24 hours') as opens,
      case when v.recipient_full_at > t + p.recipient_wait then v.recipient_full_at - p.recipient_wait
        end as recipient_at
    from page p left join lateral (select o.* from conversation o
      where (p.recipient_wait is not null or p.left_new is not null)
        and o.id = p.conversation_id limit 1) v on true),
  counted as materialized (
    select j.*, j.recipient_at is null and j.opens
      and sum((j.recipient_at is null and j.opens)::int) over (partition by j.account_id
        order by j.priority, j.ready_at, j.seq)
        > j.left_new as is_too_new
    from judged j)
  select c.place, c.id, c.conversation_id, c.slots, c.left_today, c.today, c.fresh, c.opens, row_number() over w,
    sum(c.fresh::int) over w, case when c.is_too_new then c.tomorrow else c.recipient_at end,
    case when c.is_too_new then 'new_conversation_limit'
      when c.recipient_at is not null then 'recipient_limit' end
  from counted c
  window w as (partition by c.account_id, c.is_too_new or c.recipient_at is not null
    order by c.priority, c.ready_at, c.seq) $$;
