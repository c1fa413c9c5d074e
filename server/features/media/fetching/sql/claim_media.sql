-- Claims up to p_max due inbound files of an account whose route is one of p_routes, with at most p_slots in
-- flight. Returns one row per file, and always a last row without a file: whether due files are left (more), and when
-- the next becomes due (wait_until). attempts is the number of this try, and the fence: it changes when a lease is
-- lost.
-- p_pauses are the pauses after each try in milliseconds; they also apply when a lease expires, as with a store that
-- hangs.
-- plan: inherited
create function claim_media(p_account uuid, p_max int, p_slots int, p_routes text[], p_lease interval,
  p_pauses double precision[],
  p_now timestamptz)
returns table (id uuid, workspace_id uuid, message_id uuid, kind text, channel text, phone_number_id text,
  channel_media_id text,
  declared_type text, file_name text, expected_sha256 text, expected_size bigint, attempts int, more boolean,
    wait_until timestamptz)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz; a account; room int;
begin
  -- One claim per account at a time. A separate statement: later ones then see all that earlier claims committed.
  perform pg_advisory_xact_lock(hashtextextended(p_account::text, 3));
  t := clock(p_now);
  select * into a from account where id = p_account and deleted_at is null and route = any (p_routes);
  if a.id is null then return; end if;
  select least(p_max, p_slots - count(*)) into room from media where account_id = p_account and status = 'pending'
    and lease_until > t;
  return query
  update media m set lease_until = t + p_lease, attempts = m.attempts + 1,
      due_at = t + p_lease + coalesce(p_pauses[m.attempts + 1], 0) * interval '1 millisecond'
    where m.id = any (array(select o.id from media o where o.account_id = p_account and o.status = 'pending'
      and o.due_at <= t and (o.lease_until is null or o.lease_until <= t)
      order by o.due_at, o.id limit greatest(0, room) for update skip locked))
    returning m.id, m.workspace_id, m.message_id, m.kind, a.channel, a.phone_number_id, m.channel_media_id,
      m.declared_type, m.file_name,
      m.expected_sha256, m.expected_size, m.attempts, true, null::timestamptz;
  select coalesce(bool_or(x.at <= t), false), min(x.at) filter (where x.at > t) into more, wait_until
    from (select greatest(o.due_at, o.lease_until) as at from media o where o.account_id = p_account
      and o.status = 'pending') x;
  return next;
end $$;
