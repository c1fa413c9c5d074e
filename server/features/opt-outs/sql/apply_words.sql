-- Applies the words by which people stop or start messages, in their order. Each word has its action (stop, start), the
-- text (word), where it was (source: word, button), and the id of a new opt-out (id). The caller has locked the lanes.
-- plan: inherited
create function apply_words(t timestamptz, p_workspace uuid[], p_account uuid[], p_contact uuid[], p_message uuid[],
  p_word jsonb[]) returns void language plpgsql volatile as $$
declare w record;
begin
  for w in select u.workspace, u.account, u.contact, u.word, u.word ->> 'source' as source,
      jsonb_build_object('message_id', u.message, 'word', u.word ->> 'word') as proof,
      coalesce((select o.effect from opt_out_setting o where o.workspace_id = u.workspace), 'marketing') as effect
    from unnest(p_workspace, p_account, p_contact, p_message, p_word)
      with ordinality u(workspace, account, contact, message, word, n) order by u.n
  loop
    if w.word ->> 'action' = 'stop' then
      perform opt_out_contacts(array[(w.word ->> 'id')::uuid], array[w.contact], w.effect, null, w.source, w.account,
        w.proof, null, null, t);
      perform end_barred(t, array[w.contact]);
    else
      perform opt_in_contacts(array(select o.id from opt_out o where o.contact_id = w.contact), null, w.source,
        w.account, w.proof, null, null, t);
    end if;
  end loop;
end $$;
