-- Of the places of a rate that are taken, so many (n) by calls that ended at a time (at, rising): the end that makes one
-- free, where so many are free now (none, or fewer than none); null where calls under way hold it.
create function next_end(p_at timestamptz[], p_n int[], p_free int) returns timestamptz language sql immutable as $$
  select min(x.at) from (select w.at, sum(w.n) over (order by w.at) as n from unnest(p_at, p_n) w(at, n)) x where p_free + x.n > 0
$$;
