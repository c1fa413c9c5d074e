-- Records outcomes; each element of the arrays is one call. Classes: accepted, rejected, not_sent, throttled,
-- unavailable (an error of the channel itself), recipient_throttled, deferred (only this message waits),
-- templates_restricted, marketing_restricted (this kind of messages waits), account_error, flagged, unknown,
-- file_expired (the channel no longer has the file); without a call: released, expired, file_pending. p_wait_ms: until
-- it is tried again, or at least how long the lane or the kind is held; p_ago_ms: how long ago the call ended. An
-- outcome of a stale fence is evidence only. Gives what became of each message, and whether its account has more that
-- waits for nothing but its turn.
-- plan: kept indexed nested
create function record_outcomes(p_now timestamptz, p_token uuid[], p_class text[], p_channel_message_id text[],
  p_code text[],
  p_title text[], p_wait_ms int[], p_ago_ms double precision[])
returns table (message_id uuid, account_id uuid, status text, ready_at timestamptz,
  more boolean) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; accounts uuid[]; calls ended_call[]; is_troubled boolean; has_more boolean;
  has_evidence boolean; has_orphans boolean; is_repeated boolean;
begin
  accounts := array(select distinct o.account_id from unnest(p_token) k
    cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0) limit 1) o);
  perform 1 from lane l where l.account_id = any (accounts) order by l.account_id for update;
  t := clock(p_now);
  calls := array(select c from match_outcomes(t, p_token, p_class, p_channel_message_id, p_code, p_title, p_wait_ms,
    p_ago_ms) c);
  -- Facts that only some outcomes or accounts need are asked for first, in one question.
  select bool_or(a.status = 'needs_attention'), bool_or(l.queued > 0 or c.next in ('queued', 'held')),
      bool_or(c.has_evidence),
      bool_or(p.found), bool_or(c.fence > 1 and c.class = 'accepted')
    into is_troubled, has_more, has_evidence, has_orphans, is_repeated from unnest(calls) c
    cross join lateral (select o.status from account o where o.id = c.account_id limit 1) a
    cross join lateral (select o.queued from lane o where o.account_id = c.account_id limit 1) l
    left join lateral (select true as found from orphan_receipt o
      where o.account_id = c.account_id and o.channel_message_id = c.channel_message_id limit 1) p on true;
  if is_troubled or p_class && '{throttled,account_error,flagged,unavailable,templates_restricted,marketing_restricted}'
    then perform record_trouble(t, calls); end if;
  perform record_calls(calls, t);
  perform record_lanes(calls, t);
  if cardinality(calls) < cardinality(p_token) then
    perform record_late(t, p_token, p_class, p_channel_message_id, p_code, p_title,
      array(select c.token from unnest(calls) c));
  end if;
  if has_orphans then perform apply_orphans(p_token, t); end if;
  if has_evidence then
    perform 1 from message where id = any (array(select c.id from unnest(calls) c where c.has_evidence))
      order by id for update;
    perform record_messages(array(select c.id from unnest(calls) c where c.has_evidence), t);
  end if;
  if is_repeated then perform report_duplicated(array(select c.id from unnest(calls) c), t); end if;
  if has_more then
    perform advance(array(select c.conversation_id from unnest(calls) c), t); -- @mutant record-advances
  end if;
  return query select m.id, m.account_id, m.status, o.ready_at, l.more from (select distinct token_of(k, 0) as id
    from unnest(p_token) k) u
    cross join lateral (select x.id, x.account_id, x.status from message x where x.id = u.id limit 1) m
    cross join lateral (select x.queued > 0 and x.held_until <= t as more from lane x
      where x.account_id = m.account_id limit 1) l
    left join lateral (select x.ready_at from open_message x where x.id = u.id limit 1) o on true;
end $$;
