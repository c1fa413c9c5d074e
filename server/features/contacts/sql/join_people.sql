-- Adds the number or the LID that a contact lacks, and the name of somebody without one. Two contacts with one address
-- each become one. People of whom no contact has an address stay unknown.
-- plan: inherited
create function join_people(t timestamptz, p_workspace uuid[], p_phone text[], p_user_id text[],
  p_name text[]) returns void language plpgsql volatile as $$
declare ws uuid[]; phones text[]; ids text[]; names text[];
begin
  select array_agg(u.w), array_agg(u.v), array_agg(u.b), array_agg(u.name) into ws, phones, ids, names
    from unnest(p_workspace, p_phone, p_user_id, p_name) u(w, v, b, name)
    where exists (select 1 from contact_address x where x.workspace_id = u.w and x.kind = 'phone' and x.value = u.v)
      or exists (select 1 from contact_address x where x.workspace_id = u.w and x.kind = address_kind(u.b)
        and x.value = u.b);
  if ws is null then return; end if;
  perform ensure_people(t, ws, phones, ids, array_fill(null::text, array[cardinality(ws)]), names,
    array(select gen_random_uuid() from unnest(ws)));
  perform add_aliases(t, ws, phones, ids, '{}', '{}');
end $$;
