-- Moves what receipts told of messages into their attempts, before anything that one attempt and its receipts do not
-- explain. The caller has locked the messages.
-- plan: kept indexed
create function unfold_evidence(p_messages uuid[]) returns void language plpgsql volatile as $$
begin
  with moved as (
    update attempt a set status = m.status, sent_at = least(a.sent_at, m.sent_at), delivered_at = m.delivered_at, -- @mutant unfold-status
      read_at = m.read_at, played_at = m.played_at, pricing = m.pricing
    from (select x.*, token_of(x.id, 1) as token from message x where x.id = any (p_messages) and x.keeps_evidence) m
    where a.token = any (array(select token_of(u, 1) from unnest(p_messages) u)) and a.token = m.token)
  update message m set keeps_evidence = null, pricing = null where m.id = any (p_messages) and m.keeps_evidence; -- @mutant unfold-once
end $$;
