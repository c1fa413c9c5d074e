-- Puts off what is behind one that is put off, until the same moment, though for an hour at most, so that it does not fill the
-- page of candidates. For less than ten minutes that is not worth its writes. The head is locked, so that whoever frees it
-- sees what waits behind it, and left alone where that happens right now. Gives how many they are.
create function put_off_behind(p_account uuid, p_quiet boolean, t timestamptz) returns int language plpgsql volatile as $$
declare n int;
begin
  if (select o.id from message o where o.account_id = p_account and o.status = 'queued' and o.wait_reason is not null
    and o.due_at > t + interval '10 minutes' order by o.due_at limit 1) is null then return 0; end if;
  with page as materialized (
    select c.* from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
      select m.id, m.conversation_id from message m
      where m.account_id = p_account and m.status = 'queued' and m.wait_reason is null and m.priority = p.priority and m.due_at <= t
      order by m.turn, m.seq limit 400) c
    where not p_quiet or p.priority = 0),
  -- By its order, so that no plan can take another index than the one of the line.
  line as materialized (
    select p.id, f.id as head from page p cross join lateral (select o.id, o.wait_reason, o.due_at from message o
      where o.conversation_id = p.conversation_id and o.status = 'queued' and (o.expires_at is null or o.expires_at > t)
      order by o.priority, o.seq limit 1) f
    where f.wait_reason is not null and f.due_at > t + interval '10 minutes'),
  -- Written so that no plan looks for them in the index of all that is put off.
  head as materialized (
    select o.id, o.due_at from message o where o.id = any (array(select head from line))
      and (o.status = 'queued' and o.wait_reason is not null and o.due_at > t + interval '10 minutes') is true for no key update skip locked)
  update message m set due_at = least(h.due_at, t + interval '1 hour'), wait_reason = 'conversation_order' from line p join head h on h.id = p.head
    where m.id = any (array(select id from line)) and m.id = p.id and m.status || '' = 'queued';
  get diagnostics n = row_count;
  return n;
end $$;
