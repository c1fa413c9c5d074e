-- Leads a new number or a new user id of a person to the contact that had one of the former addresses. Where another
-- contact has the new one, their merge is requested. A number of somebody with another user id changes its owner.
-- plan: inherited
create function follow_person(t timestamptz, p_workspace uuid, p_kind text[], p_value text[], p_phone text,
  p_user_id text) returns void language plpgsql volatile as $$
declare person uuid; owner uuid;
begin
  select c.id into person from unnest(p_kind, p_value) u(k, v)
    join contact_address a on a.workspace_id = p_workspace and a.kind = u.k and a.value = u.v
    join contact c on c.id = a.contact_id order by a.kind limit 1 for no key update of c;
  if person is null then return; end if;
  if p_phone is not null then
    delete from contact_address where contact_id = person and kind = 'phone' and value = any (p_value);
    select contact_id into owner from contact_address where workspace_id = p_workspace and kind = 'phone'
      and value = p_phone;
    if owner is null then
      insert into contact_address (workspace_id, kind, value, contact_id)
        values (p_workspace, 'phone', p_phone, person) on conflict do nothing;
    elsif owner <> person and has_user_id(owner) and has_user_id(person) then
      update contact_address set contact_id = person, number = default
        where workspace_id = p_workspace and kind = 'phone' and value = p_phone;
    else
      perform request_merge(t, p_workspace, person, owner);
    end if;
  end if;
  if p_user_id is null then return; end if;
  insert into contact_address (workspace_id, kind, value, contact_id)
    values (p_workspace, 'bsuid', p_user_id, person) on conflict do nothing;
  perform request_merge(t, p_workspace, person, (select contact_id from contact_address
    where workspace_id = p_workspace and kind = 'bsuid' and value = p_user_id));
end $$;
