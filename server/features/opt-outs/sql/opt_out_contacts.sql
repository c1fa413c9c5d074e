-- Opts contacts out of a category, where they are not yet. Returns the contacts that are newly opted out.
-- plan: inherited
create function opt_out_contacts(p_ids uuid[], p_contacts uuid[], p_category text, p_reason text, p_source text,
  p_created_by uuid, p_at timestamptz) returns table (contact_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
begin
  return query insert into opt_out (id, workspace_id, contact_id, category, reason, source, created_by, created_at)
    select distinct on (c.id) u.id, c.workspace_id, c.id, p_category, p_reason, p_source, p_created_by, p_at
    from unnest(p_ids, p_contacts) u(id, c) join contact c on c.id = u.c
    order by c.id on conflict do nothing returning contact_id;
end $$;
