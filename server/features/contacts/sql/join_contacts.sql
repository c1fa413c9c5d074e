-- Gives a contact what another one of the same person has: its addresses, labels, and the values that it lacks or that
-- p_take names. Unless numbers stay, the newest one counts. The other is deleted. The caller locked both.
-- plan: inherited
create function join_contacts(kept uuid, lost uuid, t timestamptz, p_take text[], p_numbers_stay boolean) returns void
language plpgsql volatile as $$
declare taken jsonb;
begin
  update contact_address set contact_id = kept where contact_id = lost;
  -- A person has one name, and one number that moved: the newest.
  delete from contact_address a where a.contact_id = kept
    and (a.kind = 'username' or a.kind = 'phone' and not p_numbers_stay)
    and a.number < (select max(o.number) from contact_address o where o.contact_id = kept and o.kind = a.kind);
  select jsonb_object_agg(f.key, f.value) into taken from contact o, jsonb_each(o.fields) f
    where o.id = lost and 'fields.' || f.key = any (p_take);
  update contact c set updated_at = t,
      name = case when 'name' = any (p_take) then coalesce(o.name, c.name) else coalesce(c.name, o.name) end,
      reference = case when 'reference' = any (p_take) then coalesce(o.reference, c.reference)
        else coalesce(c.reference, o.reference) end,
      language = case when 'language' = any (p_take) then coalesce(o.language, c.language)
        else coalesce(c.language, o.language) end,
      metadata = coalesce(o.metadata || c.metadata, c.metadata, o.metadata),
      fields = living_fields(c.workspace_id, coalesce(o.fields, '{}') || coalesce(c.fields, '{}')
        || coalesce(taken, '{}')),
      field_sources = living_fields(c.workspace_id, coalesce(o.field_sources, '{}') || coalesce(c.field_sources, '{}')
        || coalesce((select jsonb_object_agg(s.key, s.value) from jsonb_each(o.field_sources) s
          where taken ? s.key), '{}'))
    from contact o where c.id = kept and o.id = lost;
  insert into contact_label (label_id, contact_id, workspace_id)
    select label_id, kept, workspace_id from contact_label where contact_id = lost order by 1 on conflict do nothing;
  delete from contact_label where contact_id = lost;
  perform move_memberships(kept, lost);
  update contact set name = null, reference = null, metadata = null, language = null, fields = null,
    field_sources = null, deleted_at = t, updated_at = t, merged_into = kept where id = lost;
  update contact set merged_into = kept where merged_into = lost;
end $$;
