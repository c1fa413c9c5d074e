-- The messages of campaigns that are deleted, by the status they had (code), so that lists of recipients know how many of
-- each status are there, and whether any message is gone.
create or replace function count_deleted() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  insert into message_delta (workspace_id, quarter, account_id, direction, type, status, priority, code,
      template, category, calling_code, campaign_id, created_by, span, messages, accepted, present)
    select workspace_id, counted_quarter(created_at), account_id, direction, type, status,
      counted_priority(status, priority), counted_code(status, error_code), counted_template(type, content), category,
      counted_calling_code(direction, address), campaign_id, created_by, counted_span(listed_status, seq),
      0, 0, -count(*)
    from removed group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;
  if exists (select 1 from removed where campaign_id is not null) then
    insert into campaign_delta (campaign_id, of, value, code, n)
      select campaign_id, 'message', 'deleted', status, count(*) from removed where campaign_id is not null group by 1, 4;
  end if;
  return null;
end $$;
