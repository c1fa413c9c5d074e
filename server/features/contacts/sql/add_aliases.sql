-- Adds further names of persons to the contacts that have their number, or else their user id: a user id of Meta or a
-- LID. A name that another contact has: the same person has both, so their merge is requested, unless each has what
-- only one person can have.
-- plan: inherited
create function add_aliases(t timestamptz, p_workspace uuid[], p_phone text[], p_user_id text[], p_parent text[],
  p_username text[]) returns void language plpgsql volatile as $$
begin
  insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.b) u.w, address_kind(u.b), u.b, x.contact_id
    from unnest(p_workspace, p_phone, p_user_id) u(w, v, b)
    cross join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w and o.kind = 'phone'
      and o.value = u.v limit 1) x
    where u.b is not null and not exists (select 1 from contact_address y where y.workspace_id = u.w
      and y.kind = address_kind(u.b) and y.value = u.b)
    order by u.w, u.b, x.contact_id on conflict do nothing;

  insert into contact_merge (contact_id, other_id, workspace_id, requested_at, due_at)
    select least(p.contact_id, b.contact_id), greatest(p.contact_id, b.contact_id), u.w, t, t
    from unnest(p_workspace, p_phone, p_user_id) u(w, v, b)
    cross join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w and o.kind = 'phone'
      and o.value = u.v limit 1) p
    cross join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w
      and o.kind = address_kind(u.b) and o.value = u.b limit 1) b
    where p.contact_id <> b.contact_id
      and not exists (select 1 from contact_address x where x.contact_id = p.contact_id
        and x.kind = address_kind(u.b))
      and not exists (select 1 from contact_address x where x.contact_id = b.contact_id and x.kind = 'phone')
    order by 1, 2 on conflict do nothing;

  if array_remove(p_parent, null) = '{}' and array_remove(p_username, null) = '{}' then return; end if;
  insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.p) u.w, 'parent_bsuid', u.p, x.contact_id
    from unnest(p_workspace, p_phone, p_user_id, p_parent) u(w, v, b, p)
    cross join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w
      and (o.kind = 'phone' and o.value = u.v or o.kind = address_kind(u.b) and o.value = u.b)
      order by o.kind desc limit 1) x
    where u.p is not null order by u.w, u.p, x.contact_id on conflict do nothing;
  perform add_usernames(p_workspace, p_phone, p_user_id, p_username);
end $$;
