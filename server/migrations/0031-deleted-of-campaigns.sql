-- The messages of campaigns that are deleted, by the status they had (code), so that lists of recipients know how many of
-- each status are there, and whether any message is gone.
create function count_deleted_of_campaigns() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if exists (select 1 from removed where campaign_id is not null) then
    insert into campaign_delta (campaign_id, of, value, code, n)
      select campaign_id, 'message', 'deleted', status, count(*) from removed where campaign_id is not null group by 1, 4;
  end if;
  return null;
end $$;
create trigger message_of_campaign_deleted after delete on message referencing old table as removed
  for each statement execute function count_deleted_of_campaigns();
