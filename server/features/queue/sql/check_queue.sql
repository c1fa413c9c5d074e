-- What must hold of the queue between any two transactions; gives what does not. Reads all of it: for tests, and by
-- hand.
create function check_queue() returns table (what text, n bigint) language sql stable as $$
  select * from (
    select 'conversation without a head' as what, count(*) as n from (select conversation_id
      from open_message group by 1
      having bool_or(state in ('queued', 'sending')) and count(*) filter (where head) <> 1) x
    union all select 'head that is not first in line', count(*) from open_message h where h.head and h.state = 'queued'
      and exists (select 1 from open_message o where o.conversation_id = h.conversation_id and o.state = 'queued'
        and (o.priority, o.seq) < (h.priority, h.seq))
    union all select 'held message without a reason, or head', count(*) from open_message
      where state = 'held' and (head or wait_reason is null)
    union all select 'lane.queued', count(*) from lane l where l.queued <>
      (select count(*) from open_message o where o.account_id = l.account_id and o.state in ('queued', 'held'))
    union all select 'lane.in_flight', count(*) from lane l where l.in_flight <>
      (select count(*) from open_message o where o.account_id = l.account_id and o.state = 'sending')
    union all select 'message that waits and is not open', count(*) from message m
      where m.status in ('scheduled', 'queued', 'sending', 'unknown') and not exists (select 1 from open_message o
        where o.id = m.id)
    union all select 'open message of another status', count(*) from open_message o left join message m using (id)
      
      where m.status is distinct from case o.state when 'held' then 'queued' else o.state end
        and not (o.state = 'sending' and o.evidence is not null)) x
        where n > 0 $$;
