-- Applies the words by which people stop or start messages (see apply_words), before these messages are stored: none of
-- them is there yet, except as a placeholder.
-- plan: inherited
create function hear_words(p_messages received[], t timestamptz) returns void language plpgsql volatile as $$
begin
  if (select true from unnest(p_messages) m where m.word is not null limit 1) is null then return; end if;
  perform apply_words(t, array_agg(m.workspace_id order by m.n), array_agg(m.account_id order by m.n),
      array_agg(m.contact_id order by m.n), array_agg(coalesce(o.id, m.id) order by m.n),
      array_agg(m.word order by m.n))
    from unnest(p_messages) m left join message o on o.account_id = m.account_id
      and o.received_id = m.channel_message_id and o.address = m.address and o.direction = 'inbound'
    where m.word is not null;
end $$;
