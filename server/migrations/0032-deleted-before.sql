-- The messages of campaigns that were deleted before they were counted: all there ever were, without those that are there.
insert into campaign_delta (campaign_id, of, value, code, n)
  select campaign_id, 'message', 'deleted', status, sum(n) from (
    select campaign_id, value as status, n from campaign_count where of = 'message' and value <> 'deleted'
    union all select campaign_id, value, n from campaign_delta where of = 'message' and value <> 'deleted'
    union all select campaign_id, code, -n from campaign_count where of = 'message' and value = 'deleted'
    union all select campaign_id, code, -n from campaign_delta where of = 'message' and value = 'deleted'
    union all select campaign_id, status, -count(*) from message where campaign_id is not null group by 1, 2) x
  group by 1, 4 having sum(n) > 0;
