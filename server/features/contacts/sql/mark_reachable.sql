-- Contacts whom the channel has reached, or who have written, since p_at: they are not unreachable any more.
-- plan: inherited
create function mark_reachable(p_contacts uuid[], p_at timestamptz[]) returns void language plpgsql volatile as $$
begin
  update contact c set unreachable_at = null from unnest(p_contacts, p_at) u(id, at)
    where c.id = u.id and c.unreachable_at <= u.at;
end $$;
