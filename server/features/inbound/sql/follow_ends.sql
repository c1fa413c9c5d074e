-- Ends numbers that the channel ended, and resumes those that it connected again. The last report of a number counts.
-- The caller has locked the lanes.
-- plan: inherited
create function follow_ends(t timestamptz, p_account uuid[], p_class text[], p_title text[]) returns void
language plpgsql volatile as $$
declare r record;
begin
  for r in select distinct on (u.account) u.* from unnest(p_account, p_class, p_title)
      with ordinality u(account, class, title, n)
    where u.class in ('ended', 'reconnected') order by u.account, u.n desc loop
    if r.class = 'ended' then
      perform hold_lanes(t, array[r.account], array[r.class], array[0]);
      perform end_number(r.account, r.title, t);
    elsif resume_number(r.account, t) then
      perform release_ended(r.account, t);
    end if;
  end loop;
end $$;
