-- Gives the notes of conversations that end to those they became.
create function move_notes(p_ended uuid[], p_into uuid[]) returns void language sql volatile as $$
  update note n set conversation_id = u.k from unnest(p_ended, p_into) u(l, k) where n.conversation_id = u.l;
$$;
