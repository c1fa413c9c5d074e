-- Gives the conversations of a contact to another. Where both have one in an account, messages move, counts
-- add up, and what waits leaves in its order. The caller has locked the lanes and the contacts. Returns busy, and
-- changes nothing, while a message in a conversation that would end is being sent, or holds it as unknown.
-- plan: inherited
create function merge_conversations(p_kept uuid, p_lost uuid, t timestamptz) returns text
language plpgsql volatile as $$
declare ended uuid[]; into_these uuid[];
begin
  perform 1 from conversation where contact_id in (p_kept, p_lost) order by id for update;
  select array_agg(l.id order by l.id), array_agg(k.id order by l.id) into ended, into_these
    from conversation l join conversation k on k.account_id = l.account_id and k.contact_id = p_kept
    where l.contact_id = p_lost;
  if exists (select 1 from open_message where conversation_id = any (ended)
    and (state = 'sending' or state = 'unknown' and head)) then -- @mutant merge-busy
    return 'busy';
  end if;
  update message m set conversation_id = u.k, contact_id = p_kept from unnest(ended, into_these) u(l, k)
    where m.conversation_id = u.l;
  update open_message m set conversation_id = u.k, head = false,
      ready_at = case when m.wait_reason in ('recipient_limit', 'new_conversation_limit') then t else m.ready_at end,
      wait_reason = case when m.wait_reason not in ('recipient_limit', 'new_conversation_limit') then m.wait_reason end
    from unnest(ended, into_these) u(l, k) where m.conversation_id = u.l;
  update read_mark r set conversation_id = u.k from unnest(ended, into_these) u(l, k)
    where r.conversation_id = u.l and not exists (select 1 from read_mark o where o.conversation_id = u.k);
  delete from read_mark where conversation_id = any (ended);
  update conversation k set unread_count = k.unread_count + l.unread_count,
      marked_unread = k.marked_unread or l.marked_unread, sent_count = k.sent_count + l.sent_count,
      received_count = k.received_count + l.received_count,
      last_message_at = greatest(k.last_message_at, l.last_message_at),
      last_received_at = greatest(k.last_received_at, l.last_received_at),
      last_called_at = greatest(k.last_called_at, l.last_called_at), opened_on = greatest(k.opened_on, l.opened_on),
      recipient_full_at = greatest(k.recipient_full_at, l.recipient_full_at),
      created_at = least(k.created_at, l.created_at),
      (state, state_since, state_by, state_reason, snoozed_until, episode_id, waiting_since, answered_at, answered_by,
        assignee_kind, assignee_id, assigned_at, assigned_by, assign_reason, team_id, reassign_due_at) =
        (select w.* from work_merged(k.*, l.*) w)
    from unnest(ended, into_these) u(l, k) join conversation l on l.id = u.l where k.id = u.k;
  perform move_conversation_labels(ended, into_these);
  perform move_episodes(ended, into_these, t);
  perform move_notes(ended, into_these);
  delete from conversation where id = any (ended);
  update message m set contact_id = p_kept from conversation v where v.contact_id = p_lost and m.conversation_id = v.id;
  update conversation set contact_id = p_kept where contact_id = p_lost;
  if ended is not null then
    perform advance(into_these, t); -- @mutant merge-advances
    -- What waited for its window in one of them has that of the other, too.
    perform open_windows(into_these, t);
  end if;
  return 'merged';
end $$;
