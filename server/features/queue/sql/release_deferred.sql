-- Makes messages of an account ready that wait for one of these reasons, at most p_max, after a change of settings:
-- heads that a limit deferred, and held ones. The claim defers them again if a limit requires it. A recipient's bucket
-- is never more than full. Returns their number.
-- plan: inherited
create function release_deferred(p_now timestamptz, p_account uuid, p_reasons text[], p_max int) returns int
language plpgsql volatile as $$
declare t timestamptz; n int; conversations uuid[];
begin
  perform 1 from lane where account_id = p_account for update;
  t := clock(p_now);
  if 'recipient_limit' = any (p_reasons) then
    update conversation v set recipient_full_at = x.full_at
      from (select t + recipient_burst * recipient_seconds * interval '1 second' as full_at from account
        where id = p_account and recipient_burst is not null) x
      where v.account_id = p_account and v.recipient_full_at > x.full_at;
  end if;
  update open_message m set ready_at = t, wait_reason = null where m.id = any (array(
    select o.id from open_message o where o.account_id = p_account and o.head and o.state = 'queued'
      and o.ready_at > t and o.wait_reason = any (p_reasons)
    order by o.priority, o.ready_at, o.seq limit p_max));
  get diagnostics n = row_count;
  with freed as (
    update open_message m set state = 'queued', ready_at = t, wait_reason = null where m.id = any (array(
      select o.id from open_message o where o.account_id = p_account and o.state = 'held'
        and o.wait_reason = any (p_reasons)
      order by o.ready_at limit p_max - n))
    returning m.conversation_id)
  select array_agg(conversation_id) into conversations from freed;
  if conversations is null then return n; end if;
  perform advance(conversations, t);
  return n + cardinality(conversations);
end $$;
