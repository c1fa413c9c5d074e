-- Merges two contacts of one person: the one that was there first keeps its id, or the one that a person chose, p_kept.
-- It gets the addresses and the conversations of the other, and of its values those of p_take: see join_contacts. Waits
-- (busy) while a message in a conversation that would end is being sent, or holds it as unknown: two calls in one
-- conversation must not be under way. gone: one of them was deleted, so the request is void.
-- plan: inherited
create function merge_contacts(p_now timestamptz, p_contact uuid, p_other uuid, p_kept uuid, p_take text[],
  out outcome text, out kept uuid, out lost uuid) language plpgsql volatile as $$
declare t timestamptz; ids uuid[]; shown text;
begin
  perform 1 from lane where account_id = any (array(select account_id from conversation
    where contact_id in (p_contact, p_other))) order by account_id for update;
  t := clock(p_now);
  perform 1 from contact where id in (p_contact, p_other) order by id for update;
  ids := array(select id from contact where id in (p_contact, p_other) and deleted_at is null
    order by (id = p_kept) desc, created_at, id);
  outcome := 'gone';
  if cardinality(ids) = 2 then
    kept := ids[1]; lost := ids[2];
    outcome := merge_conversations(kept, lost, t);
    if outcome = 'busy' then
      perform defer_merge(p_contact, p_other, t + interval '2 seconds');
      return;
    end if;
    select value into shown from contact_address where contact_id = kept and kind = 'phone'
      order by number desc limit 1;
    perform join_contacts(kept, lost, t, p_take, p_kept is not null);
    if p_kept is not null then perform show_number(kept, shown); end if;
    perform merge_opt_outs(p_now, kept, lost);
    perform end_doubles(p_now, kept);
  end if;
  perform close_merge(p_contact, p_other, kept, lost, t);
end $$;
