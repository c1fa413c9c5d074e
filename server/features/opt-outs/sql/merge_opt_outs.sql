-- Gives the opt-outs of a contact to the contact of the same person that it is merged into, with the rows of the
-- ledger, and cancels what waits and is barred now. The caller has locked the lanes.
-- plan: inherited
create function merge_opt_outs(p_now timestamptz, p_kept uuid, p_lost uuid) returns void
language plpgsql volatile as $$
begin
  update opt_out o set contact_id = p_kept where o.contact_id = p_lost
    and not exists (select 1 from opt_out x where x.contact_id = p_kept and x.category = o.category);
  delete from opt_out where contact_id = p_lost;
  update opt_out_answer o set contact_id = p_kept where o.contact_id = p_lost
    and not exists (select 1 from opt_out_answer x where x.contact_id = p_kept and x.action = o.action);
  delete from opt_out_answer where contact_id = p_lost;
  perform pass_on_ledger(c.workspace_id, array[p_lost], p_kept) from contact c where c.id = p_kept;
  if exists (select 1 from opt_out where contact_id = p_kept) then perform end_barred(p_now, array[p_kept]); end if;
end $$;
