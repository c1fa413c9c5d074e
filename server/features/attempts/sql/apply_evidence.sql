-- Applies evidence about attempts, in any order and before the record of the call too, and settles their messages. A
-- message whose only attempt was accepted keeps it itself, and the attempt is not written again, until evidence comes
-- of a failure or of another attempt. The caller has locked the lanes of those that are open.
-- plan: kept indexed nested
create function apply_evidence(p_told evidence[], t timestamptz) returns void language plpgsql volatile as $$
declare messages uuid[] := array(select distinct token_of(e.token, 0) from unnest(p_told) e order by 1);
  keepers uuid[]; unusual uuid[]; rest evidence[]; told uuid[];
begin
  select array_agg(m.id) filter (where m.keeps_evidence) into keepers
    from (select x.id, x.keeps_evidence from message x where x.id = any (messages) order by x.id for update) m;
  unusual := array(select token_of(e.token, 0) from unnest(p_told) e where token_of(e.token, 0) = any (keepers)
    and (e.status not in ('sent', 'delivered', 'read', 'played') or number_of(e.token) <> 1)); -- @mutant unusual-evidence
  if unusual <> '{}' then
    perform unfold_evidence(unusual);
    keepers := array(select k from unnest(keepers) k where k <> all (unusual));
  end if;
  rest := array(select e from unnest(p_told) e where token_of(e.token, 0) = any (keepers) is not true);
  if cardinality(rest) = 0 then
    perform record_messages('{}', t, false, p_told);
    return;
  end if;
  perform add_evidence(rest, t);
  messages := array(select distinct token_of(e.token, 0) from unnest(rest) e order by 1);
  -- A call under way or not recorded yet: its record ends the message, with any outcome.
  update open_message o set evidence = (select x.status from sum_attempts(o.id, o.fence, true) x) -- @mutant early-evidence
    where o.id = any (messages) and o.state = 'sending';
  told := array(select o.id from open_message o cross join lateral sum_attempts(o.id, o.fence, o.state = 'unknown') x
    where o.id = any (messages) and o.state in ('unknown', 'queued', 'held', 'scheduled')); -- @mutant told-states
  perform record_messages(messages, t, false,
    array(select e from unnest(p_told) e where token_of(e.token, 0) = any (keepers)));
  if told <> '{}' then perform end_open(t, told, 'told', '{}'); end if;
  perform report_duplicated(messages, t);
end $$;
