-- Makes the contacts and conversations that accepted messages lack.
-- plan: kept indexed nested
create function ensure_conversations(p_workspace uuid[], p_account uuid[], p_address text[], p_contact uuid[],
  p_conversation uuid[], p_outcome text[], t timestamptz) returns void language plpgsql volatile as $$
begin
  with address as (
    insert into contact_address (workspace_id, kind, value, contact_id)
    select distinct on (u.w, u.v) u.w, address_kind(u.v), u.v, u.c
    from unnest(p_workspace, p_address, p_contact, p_outcome) u(w, v, c, o)
    where u.o = 'accepted' and (select x.contact_id from contact_address x
      where x.workspace_id = u.w and x.kind = address_kind(u.v) and x.value = u.v limit 1) is null
    order by u.w, u.v, u.c on conflict do nothing
    returning workspace_id, contact_id)
  insert into contact (id, workspace_id, created_at, updated_at) select contact_id, workspace_id, t, t from address;
  insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, created_at)
    select distinct on (u.a, x.contact_id) u.cv, u.w, u.a, x.contact_id, t, t
    from unnest(p_workspace, p_account, p_address, p_conversation, p_outcome) u(w, a, v, cv, o)
    cross join lateral (select x.contact_id from contact_address x
      where x.workspace_id = u.w and x.kind = address_kind(u.v) and x.value = u.v limit 1) x
    where u.o = 'accepted' order by u.a, x.contact_id, u.cv on conflict do nothing;
end $$;
