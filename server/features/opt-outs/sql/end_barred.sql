-- Cancels what waits for these contacts and is barred. The caller has locked the lanes.
-- plan: inherited
create function end_barred(p_now timestamptz, p_contacts uuid[]) returns void language plpgsql volatile as $$
begin
  perform end_open(p_now, array(select o.id from conversation v
    cross join lateral (select x.id, x.state from open_message x where x.conversation_id = v.id and x.head
      union all select x.id, x.state from open_message x where x.conversation_id = v.id and not x.head) o
    join message m on m.id = o.id
    where v.contact_id = any (p_contacts) and o.state in ('scheduled', 'queued', 'held')
      and is_barred(m.id, v.contact_id, m.category)), 'cancelled', '{"reason": "opted_out"}');
end $$;
