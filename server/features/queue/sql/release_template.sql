-- Makes messages due that hold_template holds, at most p_max; queue_due then queues them in their order. Returns their
-- number.
-- plan: inherited
create function release_template(p_now timestamptz, p_account uuid, p_name text, p_language text, p_max int)
returns int language plpgsql volatile as $$
declare t timestamptz; n int;
begin
  perform 1 from lane where account_id = p_account for update;
  t := clock(p_now);
  update open_message set ready_at = t, wait_reason = null where id in (
    select o.id from open_message o join message m on m.id = o.id
    where o.account_id = p_account and o.state = 'scheduled' and o.wait_reason = 'template_paused'
      and m.content->>'name' = p_name and m.content->'language'->>'code' = p_language limit p_max);
  get diagnostics n = row_count;
  return n;
end $$;
