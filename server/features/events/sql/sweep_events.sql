-- Deletes those of these rows of the log of which no message is left. It looks at all messages, also at those that the
-- caller does not see. The lock makes it see the messages that another removal has deleted meanwhile.
-- plan: inherited
create function sweep_events(p_rows bigint[]) returns void
language plpgsql volatile security definer set search_path = recado, public, pg_temp as $$
begin
  perform 1 from event where id = any (p_rows) and messages is not null order by id for update;
  delete from event e where e.id = any (p_rows) and e.messages is not null
    and not exists (select 1 from unnest(e.messages) u(id) join message m on m.id = u.id);
end $$;
revoke execute on function sweep_events from public;
grant execute on function sweep_events to recado_api, recado_engine;
