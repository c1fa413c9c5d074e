-- Writes the events of failures of an endpoint, whose lane the caller has locked: of the first one after a success
-- (p_first), at most once in ten minutes, and of each of these deliveries that is failed for good. A
-- failure with the event of an endpoint or a delivery is left out, as two endpoints could tell each other for ever.
-- plan: kept indexed nested
create function tell_failures(p_lane delivery_lane, p_first boolean, p_error text[], p_seq bigint[], t timestamptz)
returns void language plpgsql volatile as $$
begin
  if p_first and p_lane.told_at <= t - interval '10 minutes' then
    update delivery_lane set told_at = t where endpoint_id = p_lane.endpoint_id;
    perform append_event(p_lane.workspace_id, 'endpoint.failing', null, jsonb_build_object('endpoint_id',
      p_lane.endpoint_id, 'reason', (select u.error from unnest(p_error) u(error)
        where u.error <> 'event_gone' limit 1)), t);
  end if;
  perform append_event(d.workspace_id, 'delivery.failed', d.account_id, jsonb_build_object('endpoint_id', d.endpoint_id,
      'delivery_id', log_uuid(d.seq, d.created_at), 'event_id', log_uuid(d.event_id, d.event_at),
      'event_type', d.event_type, 'error', d.error, 'http_status', d.http_status), t)
    from unnest(p_seq) u(seq) cross join lateral (select * from ended_delivery x
      where x.endpoint_id = p_lane.endpoint_id and x.seq = u.seq limit 1) d
    where d.error <> 'event_gone' and d.event_type !~ '^(endpoint|delivery)[.]';
end $$;
