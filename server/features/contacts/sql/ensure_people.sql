-- Makes the contacts of people who wrote, or adds the addresses that their contacts lack. Each element of the arrays
-- is one person with every name that the channel gives; p_contact is the id of a new contact. A number leads to the
-- contact of the user id beside it, so a person who later hides or shows the number stays the same contact.
-- plan: inherited
create function ensure_people(t timestamptz, p_workspace uuid[], p_phone text[], p_user_id text[], p_parent text[],
  p_name text[], p_contact uuid[]) returns void language plpgsql volatile as $$
begin
  -- A deletion of one of these contacts commits first, so no address stays for a deleted contact.
  perform 1 from contact where id = any (array(
      select coalesce(x.contact_id, y.contact_id) from unnest(p_workspace, p_phone, p_user_id) u(w, v, b)
      left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'phone'
        and value = u.v limit 1) x on true
      left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = address_kind(u.b)
        and value = u.b limit 1) y on true
      where u.v is not null and u.b is not null and (x.contact_id is null) <> (y.contact_id is null)))
        order by id for key share;

  -- Numbers first, each of the contact that has the writer's other name, unless that has a number already: they took a
  -- new one, and the old one may be somebody else's by now.
  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.v) u.w, 'phone', u.v, coalesce(b.contact_id, u.c)
    from unnest(p_workspace, p_phone, p_user_id, p_parent, p_contact) u(w, v, b, p, c)
    left join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w
      and (o.kind = address_kind(u.b) and o.value = u.b or o.kind = 'parent_bsuid' and o.value = u.p)
      and not exists (select 1 from contact_address x where x.contact_id = o.contact_id and x.kind = 'phone')
      order by o.kind limit 1) b on true
    where u.v is not null and not exists (select 1 from contact_address x where x.workspace_id = u.w
      and x.kind = 'phone' and x.value = u.v)
    order by u.w, u.v, b.contact_id, u.c
    on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at)
    select contact_id, workspace_id, t, t from address on conflict (id) do nothing;

  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.b) u.w, address_kind(u.b), u.b, coalesce(x.contact_id, y.contact_id, u.c)
    from unnest(p_workspace, p_phone, p_user_id, p_parent, p_contact) u(w, v, b, p, c)
    left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'phone'
      and value = u.v limit 1) x on true
    left join lateral (select contact_id from contact_address where workspace_id = u.w and kind = 'parent_bsuid'
      and value = u.p limit 1) y on true
    where u.b is not null and not exists (select 1 from contact_address z where z.workspace_id = u.w
      and z.kind = address_kind(u.b) and z.value = u.b)
    order by u.w, u.b, x.contact_id, u.c
    on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at)
    select contact_id, workspace_id, t, t from address on conflict (id) do nothing;

  perform name_people(t, p_workspace, p_phone, p_user_id, p_name);
end $$;
