-- Adds evidence to attempts, in any order and before the record of the call too, and settles their messages. The caller
-- has locked the lanes of those that are open.
-- plan: kept indexed nested
create function apply_evidence(p_token uuid[], p_channel_message_id text[], p_status text[], p_at timestamptz[],
  p_code text[],
  p_title text[], t timestamptz, p_pricing jsonb[] default '{}') returns void language plpgsql volatile as $$
declare messages uuid[] := array(select distinct token_of(k, 0) from unnest(p_token) k order by 1); told uuid[];
begin
  perform 1 from message where id = any (messages) order by id for update;
  -- The call is under way, or of after the backup that was restored: the receipt writes the attempt.
  insert into attempt (token, message_id, account_id, number, runner, status, started_at)
    select u.token, m.id, m.account_id, number_of(u.token), coalesce(o.runner, ''), 'sending', coalesce(o.started_at, t)
    from (select distinct k as token from unnest(p_token) k) u
    cross join lateral (select x.id, x.account_id from message x where x.id = token_of(u.token, 0) limit 1) m
    left join lateral (select x.runner, x.started_at from open_message x
      where x.id = m.id and x.state = 'sending' and x.fence = number_of(u.token) limit 1) o on true
    where (select true from attempt a where a.token = u.token limit 1) is null
    on conflict do nothing;
  perform add_evidence(p_token, p_channel_message_id, p_status, p_at, p_code, p_title, p_pricing);
  -- A call under way or not recorded yet: its record ends the message, with any outcome.
  update open_message o set evidence = x.status -- @mutant early-evidence
    from (select token_of(k, 0) as id, max(number_of(k)) as number, max(s) as status,
        bool_or(s <> 'failed') as is_positive from unnest(p_token, p_status) u(k, s) group by 1) x
    where o.id = any (messages) and o.id = x.id and o.state = 'sending' and (x.is_positive or x.number = o.fence);
  told := array(select o.id from unnest(p_token, p_status) u(k, s)
    cross join lateral (select x.* from open_message x where x.id = token_of(u.k, 0) limit 1) o
    where o.state = any (case when u.s <> 'failed' then '{unknown,queued,held,scheduled}'::text[] -- @mutant told-states
      when o.fence = number_of(u.k) then '{unknown}' end));
  perform record_messages(messages, t);
  if told <> '{}' then perform end_open(t, told, 'told', '{}'); end if;
  perform report_duplicated(messages, t);
end $$;
