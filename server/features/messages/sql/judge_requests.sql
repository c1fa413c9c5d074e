-- Gives each target of a batch its outcome: accepted, stored (by an earlier write of it), replayed, mismatch,
-- file_gone, account_not_found, account_not_connected, expired, opted_out, consent_missing, spend_cap_reached,
-- window_closed, queue_full, daily_limit_reached. The limits count in their order.
-- plan: kept indexed nested
create function judge_requests(p_again boolean, p_lanes lane_limits[], t timestamptz, p_requests accept_request[],
  p_targets accept_target[]) returns accept_target[] language plpgsql volatile as $$
begin
  return (with known as materialized (
    select u.*, (u.send_at > t) is true as later, l.queued, l.max_queued, l.left_today, l.rejects,
      -- How many may leave before it, so that it does not expire in the queue.
      floor(extract(epoch from u.expires_at - t) * x.rate_messages / x.rate_seconds)::bigint as fits,
      case when i.resource_id <> u.id then case when i.hash = u.hash then 'replayed' else 'mismatch' end -- @mutant key-replayed
        when p_again and (select true from message o where o.id = u.id limit 1) then 'stored' -- @mutant batch-again
        -- The repeat of an interrupted batch: the id of an item is made of the batch's id and its place.
        when u.batch_id is not null and (select true from message o where o.id = u.id limit 1) then 'replayed'
        -- Its first write was erased with the person since.
        when i.resource_id = u.id and i.hash = '' then 'mismatch'
        when l.workspace_id is distinct from u.workspace_id or l.is_deleted then 'account_not_found'
        when l.status = 'disconnected' then 'account_not_connected'
        when u.media_id is not null and (select true from media o where o.id = u.media_id
          and o.workspace_id = u.workspace_id and o.note_id is null limit 1) is null then 'file_gone'
        when u.expires_at <= t or u.expires_at <= u.send_at then 'expired'
        when (u.opt_out = 'all' or u.opt_out = 'marketing' and u.category = 'marketing') is true
          and (select true from opt_out_answer o where o.message_id = u.id limit 1) is null then 'opted_out'
        when (u.category = 'marketing') is true and lacks_consent(u.workspace_id, u.contact_id) then 'consent_missing'
        when (u.category = 'marketing') is true and spend_capped(u.workspace_id, u.account_id) then 'spend_cap_reached'
        when coalesce(u.on_window, l.on_window_closed) = 'reject' and (u.send_at > t) is not true
          and not window_open(u.heard, null, t) then 'window_closed'
        else 'accepted' end as word
    from unnest(p_requests, p_targets) with ordinality u
    left join unnest(p_lanes) l on l.account_id = u.account_id
    left join lateral (select o.resource_id, o.hash from idempotency o where u.key is not null
      and o.workspace_id = u.workspace_id and o.operation = 'messages.create' and o.key = u.key limit 1) i on true
    left join lateral (select o.rate_messages, o.rate_seconds from account o where u.expires_at is not null
      and o.id = u.account_id limit 1) x on true),
  placed as (
    select k.*, row_number() over (w order by k.ordinality) as place,
      row_number() over (w order by k.priority, k.ordinality) - 1 as before
    from known k window w as (partition by k.account_id, k.later, k.word = 'accepted'))
  select array_agg(row(p.contact_id, p.conversation_id, p.idle, p.outranks, p.heard, p.opt_out,
      case when p.word <> 'accepted' or p.later then p.word
        when p.queued + p.place > p.max_queued then 'queue_full'
        -- The lane counts all priorities together, so it is looked closer only where it would reject.
        when (p.queued + p.before > p.fits) is true
          and queued_before(p.workspace_id, p.account_id, p.priority) + p.before > p.fits then 'queue_full'
        when p.rejects and p.queued + p.place > p.left_today then 'daily_limit_reached'
        else p.word end, p.begun)::accept_target order by p.ordinality)
    from placed p);
end $$;
