-- Gives a contact what another one of the same person has: its addresses, name, reference and metadata. The other is
-- deleted. The caller locked both.
-- plan: inherited
create function join_contacts(kept uuid, lost uuid, t timestamptz) returns void language plpgsql volatile as $$
begin
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
end $$;
