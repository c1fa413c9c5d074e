-- What the attempts of a message say of it together: the newest one decides, and positive evidence of any beats it.
-- Gives no row where nothing is known. p_fence: the number of its newest call; p_may_fail: whether a failure decides.
create function sum_attempts(p_message uuid, p_fence int, p_may_fail boolean)
returns table (status text, code text, title text, failed_at timestamptz, sent_at timestamptz,
  delivered_at timestamptz, read_at timestamptz, played_at timestamptz, channel_message_id text, pricing jsonb)
language sql stable as $$
  select x.status, x.code, x.title, x.failed_at, y.* from (
    select a.status, a.code, a.title, a.failed_at from attempt a
    where a.token > p_message and a.token <= token_of(p_message, 65535)
      and (a.status in ('sent', 'delivered', 'read', 'played') or a.status = 'failed' and p_may_fail
        and a.number = greatest(p_fence, (select max(k.number) from attempt k where k.token > p_message
          and k.token <= token_of(p_message, 65535))))
    order by evidence_rank(a.status) desc, a.number desc limit 1) x -- @mutant evidence-rank
  cross join lateral (
    -- The time of the successful call, if an earlier call failed.
    select coalesce(min(least(a.sent_at, a.delivered_at, a.read_at, a.played_at)) filter (where a.status <> 'failed'),
        min(a.sent_at)),
      min(least(a.delivered_at, a.read_at, a.played_at)), min(least(a.read_at, a.played_at)), min(a.played_at),
      (array_agg(a.channel_message_id order by a.number desc) filter (where a.channel_message_id is not null))[1],
      (array_agg(a.pricing order by a.number desc) filter (where a.pricing ->> 'type' is not null))[1]
    from attempt a where a.token > p_message and a.token <= token_of(p_message, 65535)) y $$;
