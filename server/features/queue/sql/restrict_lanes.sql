-- Holds the kinds of messages that the channel does not send for now (marketing_restricted, templates_restricted,
-- replies_restricted), each until then. All others leave. Each element of the arrays is one report; reports of other
-- classes change nothing. The caller has locked the lanes.
create function restrict_lanes(p_account uuid[], p_class text[], p_until timestamptz[]) returns void
language sql volatile as $$
  update lane l set held_kinds = array[greatest(l.held_kinds[1], x.replies),
      greatest(l.held_kinds[2], x.templates),
      greatest(l.held_kinds[3], x.templates, x.marketing)]
    from (select u.account, max(u.until) filter (where u.class = 'replies_restricted') as replies,
        max(u.until) filter (where u.class = 'templates_restricted') as templates,
        max(u.until) filter (where u.class = 'marketing_restricted') as marketing
      from unnest(p_account, p_class, p_until) u(account, class, until)
      where u.class like '%\_restricted' group by 1) x
    where l.account_id = x.account $$;
