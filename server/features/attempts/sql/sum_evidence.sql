-- What the channel tells of each of these attempts: the best status, the first time of each, of several failures the
-- first, and of several prices the last. Any order and any repetition of the same evidence gives the same rows.
create function sum_evidence(p_told evidence[])
returns table (token uuid, channel_message_id text, status text, sent_at timestamptz, delivered_at timestamptz,
  read_at timestamptz, played_at timestamptz, failed_at timestamptz, code text, title text, pricing jsonb)
language sql stable as $$
  select u.token, max(u.channel_message_id), (array_agg(u.status order by evidence_rank(u.status) desc))[1],
    min(u.at) filter (where u.status = 'sent'), min(u.at) filter (where u.status = 'delivered'),
    min(u.at) filter (where u.status = 'read'), min(u.at) filter (where u.status = 'played'),
    min(u.at) filter (where u.status = 'failed'),
    (array_agg(u.code order by u.at, u.code) filter (where u.status = 'failed'))[1],
    (array_agg(u.title order by u.at, u.code, u.title) filter (where u.status = 'failed'))[1],
    (array_agg(u.pricing order by u.at desc) filter (where u.pricing is not null))[1]
  from unnest(p_told) u group by u.token $$;
