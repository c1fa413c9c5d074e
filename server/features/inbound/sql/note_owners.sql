-- Notes who has the conversations of these messages. A hand-over names the role of the new owner. A standby message
-- says that somebody else has the conversation; a message of a person to us says that we have it again. The newest
-- message counts. A conversation that nobody else ever had stays as it is.
create function note_owners(p_messages received[]) returns void language sql volatile as $$
  update conversation v set owned_at = x.at, owner = x.owner,
    owner_role = case when x.owner_role is not null then x.owner_role
      when x.owner is not distinct from v.owner then v.owner_role end
  from (select distinct on (m.conversation_id) m.conversation_id, m.at, m.owner_role,
      case when m.source = 'standby' or m.owner_role in ('ai_agent', 'meta_business_agent') then 'other'
        when m.owner_role is null then 'us' end as owner
    from unnest(p_messages) m
    where not m.imported and (m.source = 'standby' or m.owner_role is not null
      or not m.outbound and m.type not in ('system', 'call') and m.group_id is null)
    order by m.conversation_id, m.at desc, m.n desc) x
  where v.id = x.conversation_id and case when v.owned_at is null then x.owner is distinct from 'us'
    -- Meta's times have whole seconds.
    else date_trunc('second', v.owned_at) <= x.at end $$;
