-- Names the contacts of people that have no name yet by the newest name that the channel gives.
-- plan: inherited
create function name_people(t timestamptz, p_workspace uuid[], p_phone text[], p_user_id text[], p_name text[])
returns void language plpgsql volatile as $$
begin
  update contact c set name = u.name, updated_at = t
    from (select distinct on (x.contact_id) x.contact_id, u.name
      from unnest(p_workspace, p_phone, p_user_id, p_name) with ordinality u(w, v, b, name, n)
      join contact_address x on x.workspace_id = u.w and x.kind = address_kind(coalesce(u.v, u.b))
        and x.value = coalesce(u.v, u.b)
      where u.name is not null order by x.contact_id, u.n desc) u
    where c.id = u.contact_id and c.name is null;
end $$;
