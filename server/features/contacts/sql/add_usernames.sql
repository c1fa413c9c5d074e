-- Gives the contacts of persons their usernames. A username is its newest owner's, and a person has one.
-- plan: inherited
create function add_usernames(p_workspace uuid[], p_phone text[], p_user_id text[], p_username text[]) returns void
language plpgsql volatile as $$
begin
  with named as materialized (
    select distinct on (u.w, u.name) u.w, u.name, x.contact_id
    from unnest(p_workspace, p_phone, p_user_id, p_username) with ordinality u(w, v, b, name, n)
    cross join lateral (select o.contact_id from contact_address o where o.workspace_id = u.w
      and (o.kind = 'phone' and o.value = u.v or o.kind = address_kind(u.b) and o.value = u.b)
      order by o.kind desc limit 1) x
    where u.name is not null order by u.w, u.name, u.n desc),
  gone as (
    delete from contact_address a using named n where a.contact_id = n.contact_id and a.kind = 'username'
      and a.value <> n.name)
  insert into contact_address (workspace_id, kind, value, contact_id)
    select w, 'username', name, contact_id from named order by w, name
    on conflict (workspace_id, kind, value) do update set contact_id = excluded.contact_id
      where contact_address.contact_id <> excluded.contact_id;
end $$;
