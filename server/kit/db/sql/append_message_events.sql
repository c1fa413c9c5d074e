-- Writes events of messages in rows of many: a row for each workspace, transition and number, of at most 1,024
-- messages. Returns their ids in the order of p_facts; the caller keeps them in message.events. The ids of one message
-- have the order of its numbers.
-- plan: kept
create function append_message_events(p_facts message_fact[], t timestamptz) returns bigint[]
language plpgsql volatile as $$
declare ids bigint[];
begin
  with r as materialized (
    select nextval('event_id_seq') as id, x.*, accounts[1] = all (accounts) as is_of_one from (
      select workspace_id, type, data, number, array_agg(message_id order by n) as messages,
        array_agg(account_id order by n) as accounts, array_agg(n order by n) as places
      from unnest(p_facts) with ordinality f(workspace_id, type, data, message_id, account_id, number, n)
      group by workspace_id, type, data, number, (n - 1) / 1024
      order by number, min(n)) x), -- @mutant event-order
  kept as (
    insert into event (id, workspace_id, type, account_id, number, messages, accounts, data, at) overriding system value
    select id, workspace_id, type, case when is_of_one then accounts[1] end, number, messages,
      case when not is_of_one then accounts end, data, t from r)
  select array_agg(r.id + p.place - 1 order by p.n) into ids
    from r cross join lateral unnest(r.places) with ordinality p(n, place);
  return ids;
end $$;
