-- Adds evidence to attempts. Any order and any repetition of the same evidence gives the same rows.
-- plan: kept indexed
create function add_evidence(p_token uuid[], p_channel_message_id text[], p_status text[], p_at timestamptz[],
  p_code text[],
  p_title text[], p_pricing jsonb[]) returns void language sql volatile as $$
  with e as (
    select u.token, max(u.channel_message_id) as channel_message_id,
      (array_agg(u.status order by evidence_rank(u.status) desc))[1] as status,
      min(u.at) filter (where u.status = 'sent') as sent_at,
      min(u.at) filter (where u.status = 'delivered') as delivered_at,
      min(u.at) filter (where u.status = 'read') as read_at,
      min(u.at) filter (where u.status = 'played') as played_at,
      min(u.at) filter (where u.status = 'failed') as failed_at,
      (array_agg(u.code order by u.at, u.code) filter (where u.status = 'failed'))[1] as code,
      (array_agg(u.title order by u.at, u.code, u.title) filter (where u.status = 'failed'))[1] as title,
      (array_agg(u.pricing order by u.at desc) filter (where u.pricing is not null))[1] as pricing
    from unnest(p_token, p_channel_message_id, p_status, p_at, p_code, p_title, p_pricing) u(token,
      channel_message_id, status, at, code, title, pricing)
    group by u.token)
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
  from e where a.token = any (p_token) and a.token = e.token $$;
