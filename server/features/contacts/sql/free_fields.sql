-- Takes the value of a field that was deleted from the next p_most contacts of its workspace; after the last ones it
-- forgets the field. Their order is that of their ids. Returns whether there may be more to do.
-- plan: inherited
create function free_fields(p_most int) returns boolean language plpgsql volatile as $$
declare f contact_field; ids uuid[];
begin
  select * into f from contact_field where deleted_at is not null order by id limit 1 for update skip locked;
  if f.id is null then return false; end if;
  ids := array(select id from contact where workspace_id = f.workspace_id and deleted_at is null
    and (f.swept_to is null or id > f.swept_to) order by id limit p_most);
  if cardinality(ids) = 0 then
    delete from contact_field where id = f.id;
    return true;
  end if;
  perform 1 from contact where id = any (ids) and fields ? f.key order by id for no key update;
  update contact set fields = nullif(fields - f.key, '{}'), field_sources = nullif(field_sources - f.key, '{}')
    where id = any (ids) and fields ? f.key;
  update contact_field set swept_to = ids[cardinality(ids)] where id = f.id;
  return true;
end $$;
