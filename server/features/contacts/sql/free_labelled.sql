-- Frees up to p_most contacts and conversations of labels that were deleted, and forgets a label that nothing has.
-- Returns whether there may be more to do.
-- plan: inherited
create function free_labelled(p_most int) returns boolean language plpgsql volatile as $$
declare gone uuid; freed int; more int;
begin
  select id into gone from label where deleted_at is not null order by id limit 1 for update skip locked;
  if gone is null then return false; end if;
  delete from contact_label where label_id = gone
    and contact_id = any (array(select contact_id from contact_label where label_id = gone limit p_most));
  get diagnostics freed = row_count;
  delete from conversation_label where label_id = gone
    and conversation_id = any (array(select conversation_id from conversation_label where label_id = gone
      limit p_most - freed));
  get diagnostics more = row_count;
  if freed + more < p_most then delete from label where id = gone; end if;
  return true;
end $$;
