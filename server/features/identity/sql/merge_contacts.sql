-- Merges two contacts of one person: the one that was there first keeps its id, and gets the addresses and the
-- conversations of the other. Waits (busy) while a message in a conversation that would end is being sent: two calls in
-- one conversation must not be under way. gone: one of them was deleted, so the request is void.
-- plan: inherited
create function merge_contacts(p_now timestamptz, p_contact uuid, p_other uuid,
  out outcome text, out kept uuid, out lost uuid) language plpgsql volatile as $$
declare t timestamptz; ids uuid[];
begin
  perform 1 from lane where account_id = any (array(select account_id from conversation
    where contact_id in (p_contact, p_other))) order by account_id for update;
  t := clock(p_now);
  perform 1 from contact where id in (p_contact, p_other) order by id for update;
  ids := array(select id from contact where id in (p_contact, p_other) and deleted_at is null order by created_at, id);
  outcome := 'gone';
  if cardinality(ids) = 2 then
    kept := ids[1]; lost := ids[2];
    outcome := merge_conversations(kept, lost, t);
    if outcome = 'busy' then
      update contact_merge set due_at = t + interval '2 seconds'
        where contact_id = least(p_contact, p_other) and other_id = greatest(p_contact, p_other);
      return;
    end if;
    update contact_address set contact_id = kept where contact_id = lost;
    -- A person has one number and one name: the newest.
    delete from contact_address a where a.contact_id = kept and a.kind in ('phone', 'username')
      and a.number < (select max(o.number) from contact_address o where o.contact_id = kept and o.kind = a.kind);
    update contact c set name = coalesce(c.name, o.name), reference = coalesce(c.reference, o.reference),
        metadata = coalesce(o.metadata || c.metadata, c.metadata, o.metadata), updated_at = t
      from contact o where c.id = kept and o.id = lost;
    update contact set name = null, reference = null, metadata = null, deleted_at = t, updated_at = t,
      merged_into = kept where id = lost;
    update contact set merged_into = kept where merged_into = lost;
    perform merge_opt_outs(p_now, kept, lost);
    perform request_merge(t, workspace_id, kept, case contact_id when lost then other_id else contact_id end)
      from contact_merge where lost in (contact_id, other_id) and kept not in (contact_id, other_id);
  end if;
  delete from contact_merge where contact_id = least(p_contact, p_other) and other_id = greatest(p_contact, p_other)
    or lost in (contact_id, other_id);
end $$;
