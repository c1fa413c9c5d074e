-- Makes duplicates of the rows whose person has a later row.
-- plan: inherited
create function mark_repeated(p_import uuid, p_keys text[]) returns void language plpgsql volatile as $$
begin
  update contact_import_row r set fate = 'duplicate', code = 'later_row',
      message = format('Row %s names the same person, and the last row counts.', k.last)
    from (select key, max(number) as last from contact_import_row where import_id = p_import and key = any (p_keys)
      group by key having count(*) > 1) k
    where r.import_id = p_import and r.key = k.key and r.number < k.last and r.fate in ('new', 'known', 'duplicate');
end $$;
