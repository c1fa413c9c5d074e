-- Writes what came of calls: one element of each array an attempt. Classes: accepted, not_sent, throttled,
-- recipient_throttled, rejected, account, danger, unknown, handed_back, expired; media where no call was made as its file is
-- not at the channel yet, media_unknown where the channel was called and has the file no more. p_wait_ms is how long to wait before the next attempt
-- (or at least, for what holds the lane), p_ago_ms how long ago the call ended. Gives the messages with what became of them.
create function record_attempts(p_now timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[],
  p_code text[], p_title text[], p_wait_ms int[], p_ago_ms double precision[], p_lock_ms int default 0)
returns table (message_id uuid, account_id uuid, status text, due_at timestamptz) language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); messages uuid[]; accounts uuid[]; put_off uuid[];
begin
  perform wait_for_locks(p_lock_ms);
  select array_agg(distinct a.message_id), array_agg(distinct a.account_id) into messages, accounts
    from attempt a where a.token = any (p_token);
  -- All in their order, before some are for what they ran into; and a claim that is just finding a day full is over then.
  if not p_class <@ '{accepted,rejected,unknown}' then
    perform 1 from lane where kind = 'send' and key = any (accounts) order by key for update;
  end if;

  -- What only some outcomes or settings need is asked for first: most batches hold nothing but accepted messages.
  -- Trouble of a whole account holds its lane; an accepted message ends it.
  if p_class && '{throttled,account,danger}' then
    perform hold_lanes(t, array_agg(a.account_id), array_agg(u.class), array_agg(u.wait_ms))
      from unnest(p_token, p_class, p_wait_ms) u(token, class, wait_ms)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      where u.class in ('throttled', 'account', 'danger');
  end if;
  update lane l set strikes = 0 where l.kind = 'send' and l.strikes > 0 and not in_trouble(l, t) and l.key in (
    select a.account_id from unnest(p_token, p_class) u(token, class)
    cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a where u.class = 'accepted');
  -- The place of a call that was never made is free again, and for the next claim to find; and what is queued again has
  -- its place of the day, or gives it back.
  if not p_class <@ '{accepted,rejected,unknown}' then
    update lane l set held_until = t
      from (select a.account_id, bool_or(u.class in ('handed_back', 'expired', 'media')) as never_made
        from unnest(p_token, p_class) u(token, class)
        cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
        where u.class not in ('accepted', 'rejected', 'unknown') group by 1) x
      where l.kind = 'send' and l.key = x.account_id and l.held_until > t
        and (l.held_reason = 'daily_limit' or l.held_reason = 'pace' and x.never_made);
  end if;
  if p_class && '{account,danger}' then
    perform set_account_trouble(x.account_id, x.title, t) from (
      select a.account_id, (array_agg(u.title order by array_position('{danger,account}', u.class), u.title))[1] as title
      from unnest(p_token, p_class, p_title) u(token, class, title)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a where u.class in ('account', 'danger') group by 1) x;
  end if;
  if exists (select 1 from account where id = any (accounts) and status = 'needs_attention') then
    perform end_account_trouble(x.account_id, t) from (
      select distinct a.account_id from unnest(p_token, p_class) u(token, class)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      join lane l on l.kind = 'send' and l.key = a.account_id and (l.held_until <= t or l.held_reason not in ('account', 'danger', 'paused'))
      where u.class = 'accepted') x;
  end if;

  -- What is queued again counts in a day, and not in that of an account that is being deleted.
  if not p_class <@ '{accepted,rejected,unknown}' then t := lock_days(accounts, p_now); end if;

  -- A recipient's bucket counts a call from its end, as the rate does.
  if exists (select 1 from account where id = any (accounts) and recipient_burst is not null) then
    perform fill_buckets(array_agg(a.message_id), array_agg(t - u.ago_ms * interval '1 millisecond'))
      from unnest(p_token, p_class, p_ago_ms) u(token, class, ago_ms)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      where u.class not in ('handed_back', 'expired', 'media');
    perform refund_buckets(array_agg(a.message_id)) from unnest(p_token, p_class) u(token, class)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      where u.class in ('handed_back', 'expired', 'media') and a.ended_at is null;
  end if;

  perform lock_receipts(k, false) from unnest(accounts) k order by k;
  select array_agg(x.c) filter (where x.s = 'queued' and x.w is not null) into put_off
    from (select conversation_id as c, status as s, wait_reason as w from message where id = any (messages) order by id for update) x;

  -- Our own word about a call may disprove an attempt that was given up as unknown; it never beats a receipt.
  update attempt a set class = u.class, ended_at = t - u.ago_ms * interval '1 millisecond',
      channel_message_id = coalesce(a.channel_message_id, u.channel_message_id),
      status = case
        when u.status = 'not_sent' and a.status in ('sending', 'unknown') then 'not_sent'
        when evidence_rank(u.status) > evidence_rank(a.status) then u.status else a.status end,
      sent_at = case when u.status = 'sent' then least(a.sent_at, t) else a.sent_at end,
      failed_at = case when u.status = 'failed' then least(a.failed_at, t) else a.failed_at end,
      -- What a receipt has said of a failure stands.
      code = case when a.failed_at is null then coalesce(u.code, a.code) else a.code end,
      title = case when a.failed_at is null then coalesce(u.title, a.title) else a.title end
    from (select x.*, case class when 'accepted' then 'sent' when 'rejected' then 'failed' when 'unknown' then 'unknown' else 'not_sent' end as status
      from unnest(p_token, p_class, p_channel_message_id, p_code, p_title, p_ago_ms) x(token, class, channel_message_id, code, title, ago_ms)) u
    where a.token = any (p_token) and a.token = u.token;

  perform add_parked(p_token);

  -- What was provably not sent is queued again, or has failed when its tries are used up.
  if not p_class <@ '{accepted,rejected,unknown}' then
    with back as (
      select m.id, a.code, a.title, u.class, m.budget_day as counted_on, c.deleted_at is not null or p.deleted_at is not null as gone, u.wait_ms * interval '1 millisecond' as wait,
        u.class = 'not_sent' and m.tries + 1 >= c.retry_attempts as over,
        (select k.token from attempt k where k.message_id = m.id and k.class in ('handed_back', 'expired', 'media') is not true limit 1) is null as uncalled
      from unnest(p_token, p_class, p_wait_ms) u(token, class, wait_ms)
      cross join lateral (select o.* from attempt o where o.token = u.token limit 1) a
      cross join lateral (select o.* from message o where o.id = a.message_id limit 1) m
      join account c on c.id = m.account_id
      cross join lateral (select o.deleted_at from contact o where o.id = m.contact_id limit 1) p
      where a.status = 'not_sent' and m.fence = a.fence and m.status in ('sending', 'unknown')),
    moved as (
      update message m set status = case when b.over then 'failed' when b.class = 'expired' then 'expired' when b.gone then 'cancelled' else 'queued' end,
        settle_at = null, turn = 0,
        tries = m.tries + (b.class = 'not_sent')::int, lease_until = null,
        due_at = case when b.class in ('not_sent', 'recipient_throttled', 'media') then t + b.wait else t end,
        -- What waits for its file takes no place of the day, and one in the queue.
        budget_day = case when b.class <> 'media' then m.budget_day end,
        wait_reason = case b.class when 'not_sent' then 'retry' when 'recipient_throttled' then 'recipient_throttled' when 'media' then 'media' end,
        failed_at = case when b.over then t end, error_code = case when b.over then b.code end,
        error_title = case when b.over then b.title end, event_count = m.event_count + 1
      from back b where m.id = any (messages) and m.id = b.id
      returning m.id, m.workspace_id, m.account_id, m.event_count, m.status, m.due_at, m.budget_day, b.counted_on, b.class, b.code, b.title, b.uncalled),
    -- What ends without a call has not left, and gives its place of the day back.
    carried as (
      update account_day d set queued = d.queued + x.n, sent = greatest(0, d.sent - x.unsent)
      from (select o.account_id, o.day, count(*) filter (where o.status = 'queued' and o.budget_day is distinct from o.day)::int as n,
          count(*) filter (where (o.class = 'media' or o.status <> 'queued' and o.uncalled) and o.counted_on = o.day)::int as unsent
        from (select v.*, (t at time zone c.time_zone)::date as day from moved v join account c on c.id = v.account_id) o group by 1, 2) x
      where d.account_id = x.account_id and d.day = x.day and (x.n > 0 or x.unsent > 0))
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
      select workspace_id, case when status in ('failed', 'expired', 'cancelled') then 'message.' || status when class = 'handed_back' then 'message.queued' else 'message.retry_scheduled' end,
        account_id, id, event_count, jsonb_strip_nulls(jsonb_build_object('class', class, 'code', code, 'title', title,
          'due_at', case when status = 'queued' and class in ('not_sent', 'recipient_throttled', 'media')
            then to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end)), t
      from moved;
  end if;

  perform project_messages(array(select m.id from message m where m.id = any (messages) and (m.lease_until is not null
    or (select a.token from attempt a where a.message_id = m.id and a.fence = m.fence and a.status <> 'not_sent' limit 1) is not null)), t);
  if put_off is not null then perform free_followers(put_off, t); end if;
  perform report_doubled(messages, t);
  return query select m.id, m.account_id, m.status, m.due_at from message m where m.id = any (messages);
end $$;
