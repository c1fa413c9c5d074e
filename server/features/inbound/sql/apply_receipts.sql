-- Applies receipts; each element of the arrays is one. A receipt without an attempt is kept until the channel's id is
-- known. Returns the accounts with a message that had no outcome until now.
-- plan: kept indexed
create function apply_receipts(p_now timestamptz, p_account uuid[], p_token uuid[], p_channel_message_id text[],
  p_status text[], p_at timestamptz[], p_code text[], p_title text[], p_pricing jsonb[] default '{}')
returns table (account_id uuid) language plpgsql volatile as $$
#variable_conflict use_column
declare t timestamptz; tokens uuid[]; accounts uuid[]; heard uuid[];
begin
  tokens := find_tokens(p_account, p_token, p_channel_message_id);
  -- Of those whose message is open; and where none was found, an outcome that is being recorded may bring the channel's
  -- id.
  perform 1 from lane l where l.account_id = any (array(select o.account_id from unnest(tokens) k
      cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0) limit 1) o)
      || array(select a from unnest(p_account, tokens) u(a, k) where k is null)) order by l.account_id for update;
  t := clock(p_now);
  if array_position(tokens, null) is not null then
    tokens := find_tokens(p_account, p_token, p_channel_message_id);
    perform keep_receipts(p_account, tokens, p_channel_message_id, p_status, p_at, p_code, p_title, p_pricing, t);
  end if;
  accounts := array(select distinct o.account_id from unnest(tokens) k
    cross join lateral (select x.account_id from open_message x where x.id = token_of(k, 0)
      and x.state <> 'scheduled' limit 1) o);
  perform apply_evidence(array_agg((u.k, u.c, u.s, u.at, u.code, u.title, u.pricing)::evidence), t)
    from unnest(tokens, p_channel_message_id, p_status, p_at, p_code, p_title, p_pricing) u(k, c, s, at, code, title,
      pricing)
    where u.k is not null having count(*) > 0;
  -- Where an echo tells the channel's id first, what was kept for it is found now.
  if (select true from unnest(p_account, p_channel_message_id) u(a, c), lateral (select 1 from orphan_receipt p
      where p.account_id = u.a and p.channel_message_id = u.c limit 1) p limit 1) then
    perform apply_orphans(tokens, t);
  end if;
  if (select true from contact where unreachable_at is not null limit 1) then
    perform mark_reachable(array_agg(m.contact_id), array_agg(u.at)) from unnest(tokens, p_status, p_at) u(k, s, at)
      join message m on m.id = token_of(u.k, 0) where u.s in ('delivered', 'read', 'played');
  end if;
  heard := array(select distinct a.account_id from unnest(tokens) k
    cross join lateral (select x.account_id from message x where x.id = token_of(k, 0) limit 1) a);
  -- Not for update, which would wait for everybody who has just stored something of the account.
  update account set last_receipt_at = t where id in (select id from account where id = any (p_account || heard)
    and (last_receipt_at is null or last_receipt_at < t - interval '1 second') order by id for no key update);
  return query select unnest(accounts);
end $$;
