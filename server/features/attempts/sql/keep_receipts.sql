-- Keeps receipts without an attempt (a null token) until the channel's id is known; each element of the arrays is one.
-- plan: kept indexed
create function keep_receipts(p_account uuid[], p_token uuid[], p_channel_message_id text[], p_status text[],
  p_at timestamptz[], p_code text[], p_title text[], p_pricing jsonb[], t timestamptz) returns void
language plpgsql volatile as $$
begin
  insert into orphan_receipt (account_id, channel_message_id, status, at, code, title, pricing, received_at)
    select distinct on (u.a, u.c, u.s, u.at, u.code) u.a, u.c, u.s, u.at, u.code, u.title, u.pricing, t
    from unnest(p_account, p_token, p_channel_message_id, p_status, p_at, p_code, p_title, p_pricing) u(a, k, c, s, at,
      code, title, pricing)
    where u.k is null order by u.a, u.c, u.s, u.at, u.code, u.title
    on conflict do nothing;
end $$;
