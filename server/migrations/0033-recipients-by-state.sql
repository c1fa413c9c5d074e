-- concurrently
create index concurrently campaign_recipient_state on campaign_recipient (campaign_id, state, number) where state <> 'accepted';
create index concurrently message_campaign_listed on message (campaign_id, listed_status) where campaign_id is not null and listed_status is not null;
