-- Recover: a call whose worker did not come back in time may have been made. It is never queued again; only evidence
-- can say what came of it. Gives the accounts concerned with how many messages it was, 500 at most.
-- p_lock_ms as above. What is in a conversation that somebody has locked has its turn with a later sweep.
create function recover_attempts(p_now timestamptz, p_lock_ms int default 0) returns table (account_id uuid, done bigint) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); messages uuid[]; conversations uuid[];
begin
  perform wait_for_locks(p_lock_ms);
  select array_agg(x.id), array_agg(x.conversation_id) into messages, conversations from (
    select id, conversation_id from message where status <> 'queued' and lease_until < t order by lease_until limit 500) x;
  conversations := array(select id from conversation where id = any (conversations) order by id for update skip locked);
  select array_agg(id) into messages from message where id = any (messages) and (conversation_id = any (conversations)) is true;
  perform fill_buckets(messages, array(select t from unnest(messages)));
  select array_agg(x.id) into messages from (
    select id from message where id = any (messages) and lease_until < t for update skip locked) x;
  update attempt a set status = 'unknown', class = 'unknown', code = 'worker_lost', ended_at = t,
      title = 'The worker stopped before it could say what came of the call.'
    from message m where m.id = any (messages) and a.message_id = m.id and a.fence = m.fence and a.status = 'sending';
  perform project_messages(messages, t);
  return query select m.account_id, count(*) from message m where m.id = any (messages) group by 1;
end $$;
