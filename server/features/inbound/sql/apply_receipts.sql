-- Applies receipts: by the token that they echo, else by the channel's id. p_account has the number now; a token may be
-- of one that had it before and was deleted, of another workspace too. What finds no attempt is parked until the
-- channel's id is known. Gives the accounts with a message of which it was open until now what had become of it.
create function apply_receipts(p_now timestamptz, p_account uuid[], p_token uuid[], p_channel_message_id text[],
  p_status text[], p_at timestamptz[], p_code text[], p_title text[])
returns table (account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare
  t timestamptz := present(p_now); tokens uuid[]; messages uuid[]; accounts uuid[]; open uuid[]; moved uuid[]; put_off uuid[]; again boolean := false;
begin
  loop
    select array_agg(coalesce(b.token, c.token) order by u.n), array_agg(distinct coalesce(b.message_id, c.message_id))
      into tokens, messages
      from unnest(p_account, p_token, p_channel_message_id) with ordinality u(account, token, channel_message_id, n)
      -- With a limit the second question is no join of the plan: it is asked only where the first does not hold.
      left join attempt b on b.token = u.token and (b.account_id = u.account or (select o.id from account o
        join account r on r.channel = o.channel and r.phone_number_id = o.phone_number_id
        where o.id = b.account_id and r.id = u.account limit 1) is not null)
      -- Of several calls that the channel gave one id, the last.
      left join lateral (select o.token, o.message_id from attempt o where b.token is null and o.account_id = u.account
        and o.channel_message_id = u.channel_message_id order by o.number desc limit 1) c on true;
    exit when again or array_position(tokens, null) is null;
    -- An outcome that is being recorded right now may bring the channel's id: look again once it is in. The locks that are
    -- taken below are taken here too, so that all come in one order.
    perform lock_receipts(x.a, x.unknown) from (select coalesce(k.account_id, u.a) as a, bool_or(u.k is null) as unknown
      from unnest(p_account, tokens) u(a, k) left join attempt k on k.token = u.k group by 1 having bool_or(u.k is null or k.channel_message_id is null) order by 1) x;
    again := true;
  end loop;
  -- Where an echo tells the channel's id first, what was parked for it, or is being parked, is found below.
  perform lock_receipts(x.account_id, false) from (select distinct k.account_id from attempt k
    where k.token = any (tokens) and k.channel_message_id is null order by 1) x;
  insert into parked_receipt (account_id, channel_message_id, status, at, code, title, received_at)
    select distinct on (u.a, u.c, u.s, u.at, u.code) u.a, u.c, u.s, u.at, u.code, u.title, t
    from unnest(p_account, tokens, p_channel_message_id, p_status, p_at, p_code, p_title) u(a, k, c, s, at, code, title)
    where u.k is null order by u.a, u.c, u.s, u.at, u.code, u.title
    on conflict do nothing;
  -- A call whose end nobody has told, and perhaps nobody will, has arrived by now at the latest.
  open := array(select id from message where id = any (messages) and status = 'sending');
  if open <> '{}' then perform fill_buckets(open, array(select t from unnest(open))); end if;
  select array_agg(distinct x.a), array_agg(distinct x.a) filter (where x.s in ('sending', 'unknown', 'queued')), array_agg(x.c) filter (where x.s = 'queued' and x.w is not null)
    into accounts, moved, put_off
    from (select account_id as a, status as s, conversation_id as c, wait_reason as w from message where id = any (messages) order by id for update) x;
  perform add_evidence(array_agg(u.k), array_agg(u.c), array_agg(u.s), array_agg(u.at), array_agg(u.code), array_agg(u.title))
    from unnest(tokens, p_channel_message_id, p_status, p_at, p_code, p_title) u(k, c, s, at, code, title)
    where u.k is not null having count(*) > 0;
  perform add_parked(tokens);
  perform project_messages(messages, t);
  if put_off is not null then perform free_followers(put_off, t); end if;
  perform report_doubled(messages, t);
  -- Not for update, which would wait for everybody who has just stored something of the account.
  update account set last_receipt_at = t where id in (select id from account where id = any (p_account || accounts)
    and (last_receipt_at is null or last_receipt_at < t - interval '1 second') order by id for no key update);
  return query select unnest(moved);
end $$;
