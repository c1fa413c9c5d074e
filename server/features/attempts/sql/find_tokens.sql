-- Finds the attempts of receipts: by the token that they echo, else by the channel's id. p_account has the number now.
-- A token may be of a deleted account that had the number before, also of another workspace. Returns null without an
-- attempt.
-- plan: kept indexed nested
create function find_tokens(p_account uuid[], p_token uuid[],
  p_channel_message_id text[]) returns uuid[] language sql stable as $$
  select array_agg(coalesce(b.token, c.token, d.token) order by u.n)
  from unnest(p_account, p_token, p_channel_message_id) with ordinality u(account, token, channel_message_id, n)
  left join lateral (select u.token from message m
    where m.id = token_of(u.token, 0) and m.direction = 'outbound' and number_of(u.token) > 0 -- @mutant token-echo
      and (m.account_id = u.account or (select o.id from account o join account r on r.channel = o.channel
        and r.phone_number_id = o.phone_number_id where o.id = m.account_id
          and r.id = u.account limit 1) is not null) limit 1) b on true
  -- Of several calls that the channel gave one id, the last.
  left join lateral (select o.token from attempt o where b.token is null and o.account_id = u.account
    and o.channel_message_id = u.channel_message_id order by o.number desc limit 1) c on true
  -- Where we choose the id, a call without an outcome has it already.
  cross join lateral (select case when coalesce(b.token, c.token) is null
    then called_token(u.account, u.channel_message_id) end as token) d $$;
