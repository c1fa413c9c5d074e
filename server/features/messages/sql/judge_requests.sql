-- What becomes of each request of a batch: accepted, stored (by an earlier write of it), replayed, mismatch, file_gone,
-- account_not_found, account_not_connected, expired, opted_out, window_closed, queue_full, daily_limit_reached. The
-- limits count in their order. p_heard: when the person last wrote or called.
-- plan: kept indexed nested
create function judge_requests(p_again boolean, p_lanes lane_limits[], t timestamptz, p_workspace uuid[],
  p_account uuid[],
  p_key text[], p_hash bytea[], p_id uuid[], p_priority smallint[], p_send_at timestamptz[], p_expires_at timestamptz[],
  p_media uuid[], p_on_window text[], p_category text[], p_heard timestamptz[], p_opt_out text[], p_batch uuid[])
returns text[] language plpgsql volatile as $$
declare words text[];
begin
  with known as materialized (
    select u.*, coalesce(u.s > t, false) as later, l.queued, l.max_queued, l.left_today, l.rejects,
      -- How many may leave before it, so that it does not expire in the queue.
      floor(extract(epoch from u.e - t) * x.rate_messages / x.rate_seconds)::bigint as fits,
      case when i.resource_id <> u.m then case when i.hash = u.h then 'replayed' else 'mismatch' end -- @mutant key-replayed
        when p_again and (select true from message o where o.id = u.m limit 1) then 'stored' -- @mutant batch-again
        -- The repeat of an interrupted batch: the id of an item is made of the batch's id and its place.
        when u.ba is not null and (select true from message o where o.id = u.m limit 1) then 'replayed'
        -- Its first write was erased with the person since.
        when i.resource_id = u.m and i.hash = '' then 'mismatch'
        when l.workspace_id is distinct from u.w or l.is_deleted then 'account_not_found'
        when l.status = 'disconnected' then 'account_not_connected'
        when u.f is not null and (select true from media o where o.id = u.f and o.workspace_id = u.w limit 1) is null
          then 'file_gone'
        when u.e <= t or u.e <= u.s then 'expired'
        when u.oo = 'all' or u.oo = 'marketing' and u.ca = 'marketing' then 'opted_out'
        when coalesce(u.ow, l.on_window_closed) = 'reject' and coalesce(u.s <= t, true)
          and not window_open(u.he, null, t) then 'window_closed'
        else 'accepted' end as word
    from unnest(p_workspace, p_account, p_key, p_hash, p_id, p_priority, p_send_at, p_expires_at, p_media,
      p_on_window, p_category, p_heard, p_opt_out, p_batch)
      with ordinality u(w, a, k, h, m, p, s, e, f, ow, ca, he, oo, ba, n)
    left join unnest(p_lanes) l on l.account_id = u.a
    left join lateral (select o.resource_id, o.hash from idempotency o where u.k is not null
      and o.workspace_id = u.w and o.operation = 'messages.create' and o.key = u.k limit 1) i on true
    left join lateral (select o.rate_messages, o.rate_seconds from account o where u.e is not null
      and o.id = u.a limit 1) x on true),
  placed as (
    select k.*, row_number() over (partition by k.a, k.later, k.word = 'accepted' order by k.n) as place,
      row_number() over (partition by k.a, k.later, k.word = 'accepted' order by k.p, k.n) - 1 as before
    from known k)
  select array_agg(case when p.word <> 'accepted' or p.later then p.word
      when p.queued + p.place > p.max_queued then 'queue_full'
      -- The lane counts all priorities together, so it is looked closer only where it would reject.
      when (p.queued + p.before > p.fits) is true and queued_before(p.w, p.a, p.p) + p.before > p.fits then 'queue_full'
      when p.rejects and p.queued + p.place > p.left_today then 'daily_limit_reached' else p.word end order by p.n)
    into words from placed p;
  return words;
end $$;
