-- The window of a rate with calls that ended by then. Ends are rounded up to a fiftieth of the stretch, so that a slot
-- never comes back too early and the window stays short.
-- plan: inherited
create function add_to_window(
  inout p_at timestamptz[], inout p_n int[], inout p_total int, p_seconds int, p_end timestamptz, p_calls int,
    t timestamptz)
language plpgsql immutable as $$
declare
  last int := cardinality(p_at); old int; step interval := p_seconds * interval '20 milliseconds';
  slot timestamptz := date_bin(step, p_end, 'epoch') + step; -- @mutant rate-from-end
begin
  p_total := p_total + p_calls;
  -- A clock that was set back: what lies in the future ended now.
  if last > 0 and p_at[last] > t + step then p_at := array(select least(x, slot) from unnest(p_at) x order by 1);
    end if;
  slot := greatest(slot, p_at[last]);
  if slot = p_at[last] then p_n[last] := p_n[last] + p_calls; return; end if;
  -- Places that are over leave now and then.
  if last > 60 then
    old := (select count(*) from unnest(p_at) x where x <= p_end - p_seconds * interval '1 second');
    p_total := p_total - coalesce((select sum(x) from unnest(p_n[:old]) x), 0);
    p_at := p_at[old + 1:]; p_n := p_n[old + 1:];
  end if;
  p_at := p_at || slot; p_n := p_n || p_calls;
end $$;
