-- Takes back the estimates of messages that a campaign holds in an account, at most p_max: what they cost does not
-- count until they are released. Returns their number.
-- plan: inherited
create function free_estimates(p_account uuid, p_campaign uuid, p_max int) returns int language plpgsql volatile as $$
declare freed uuid[];
begin
  perform 1 from lane where account_id = p_account for update;
  freed := array(select o.id from open_message o join message m on m.id = o.id
    where o.campaign_id = p_campaign and o.account_id = p_account and o.state = 'held'
      and o.wait_reason = 'campaign_paused' and m.charge_day is not null and m.charge_type is null
    order by o.id limit p_max);
  update message set charge_day = null, charge_card = null, charge_amount = null, charge_surcharge = null,
    charge_category = null, charge_country = null where id = any (freed);
  return cardinality(freed);
end $$;
