-- Adds evidence to attempts. One without a row has a call under way, or it is of after the backup that was restored:
-- the receipt writes it.
-- plan: kept indexed nested
create function add_evidence(p_told evidence[], t timestamptz) returns void language plpgsql volatile as $$
declare tokens uuid[] := array(select distinct e.token from unnest(p_told) e);
begin
  insert into attempt (token, message_id, account_id, number, runner, status, started_at)
    select u.token, m.id, m.account_id, number_of(u.token), coalesce(o.runner, ''), 'sending', coalesce(o.started_at, t)
    from unnest(tokens) u(token)
    cross join lateral (select x.id, x.account_id from message x where x.id = token_of(u.token, 0) limit 1) m
    left join lateral (select x.runner, x.started_at from open_message x
      where x.id = m.id and x.state = 'sending' and x.fence = number_of(u.token) limit 1) o on true
    where (select true from attempt a where a.token = u.token limit 1) is null
    on conflict do nothing;
  update attempt a set
    channel_message_id = coalesce(a.channel_message_id, e.channel_message_id),
    status = case when evidence_rank(e.status) > evidence_rank(a.status) then e.status else a.status end, -- @mutant status-by-arrival
    sent_at = least(a.sent_at, e.sent_at), delivered_at = least(a.delivered_at, e.delivered_at),
    read_at = least(a.read_at, e.read_at), played_at = least(a.played_at, e.played_at),
    failed_at = least(a.failed_at, e.failed_at),
    code = case when e.failed_at is not null and (a.failed_at is null or (e.failed_at, e.code) < (a.failed_at,
      coalesce(a.code, '')))
      then e.code else a.code end,
    title = case when e.failed_at is not null and (a.failed_at is null or (e.failed_at, e.code) < (a.failed_at,
      coalesce(a.code, '')))
      then e.title else a.title end,
    pricing = coalesce(e.pricing, a.pricing)
  from sum_evidence(p_told) e where a.token = any (tokens) and a.token = e.token;
end $$;
