-- Cancels what waits for a person whom a merge gave two messages of a campaign: all but the one that left, or the
-- first. One that ended without leaving counts for none. The caller has locked the lanes.
-- plan: inherited
create function end_doubles(p_now timestamptz, p_contact uuid) returns void language plpgsql volatile as $$
begin
  perform end_open(p_now, array(
    select x.id from (
      select m.id, o.state, row_number() over (partition by r.campaign_id
        order by coalesce(o.state in ('scheduled', 'queued', 'held'), false), m.seq) as place -- @mutant merge-doubles
      from campaign_recipient r join message m on m.id = r.message_id left join open_message o on o.id = m.id
      where r.contact_id in (select p_contact union all select c.id from contact c where c.merged_into = p_contact)
        and r.campaign_id = any (array(select w.campaign_id from conversation v
          join open_message w on w.conversation_id = v.id where v.contact_id = p_contact and w.campaign_id is not null))
        and m.status not in ('failed', 'cancelled', 'expired')) x
    where x.place > 1 and x.state in ('scheduled', 'queued', 'held')), 'cancelled', '{"reason": "duplicate"}');
end $$;
