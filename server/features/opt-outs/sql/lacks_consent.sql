-- Whether marketing to the contact (null: nobody we know) needs a consent that is not there. A consent holds until the
-- person opts out. Then it takes a new one, or their own word to start again.
create function lacks_consent(p_workspace uuid, p_contact uuid) returns boolean language sql stable as $$
  select (select o.needs_consent from opt_out_setting o where o.workspace_id = p_workspace limit 1) is true
    and (select o.kind from opt_out_ledger o where o.contact_id = p_contact and (o.kind = 'out'
      or o.legal_basis is not null or o.source in ('word', 'button', 'whatsapp', 'page'))
      order by o.seq desc limit 1) is distinct from 'in' $$;
