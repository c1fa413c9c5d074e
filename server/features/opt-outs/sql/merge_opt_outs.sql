-- Gives the opt-outs of a contact to the contact of the same person that it is merged into, and cancels what waits and
-- is barred now. The caller has locked the lanes.
-- plan: inherited
create function merge_opt_outs(p_now timestamptz, p_kept uuid, p_lost uuid) returns void
language plpgsql volatile as $$
begin
  update opt_out o set contact_id = p_kept where o.contact_id = p_lost
    and not exists (select 1 from opt_out x where x.contact_id = p_kept and x.category = o.category);
  delete from opt_out where contact_id = p_lost;
  if exists (select 1 from opt_out where contact_id = p_kept) then
    perform end_open(p_now, array(select o.id from conversation v join open_message o on o.conversation_id = v.id
      join message m on m.id = o.id where v.contact_id = p_kept and o.state in ('scheduled', 'queued', 'held')
        and is_opted_out(p_kept, m.category)), 'cancelled', '{"reason": "opted_out"}');
  end if;
end $$;
