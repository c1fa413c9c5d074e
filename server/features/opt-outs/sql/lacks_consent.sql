-- Whether marketing to the contact (null: nobody we know) needs a consent that is not there.
create function lacks_consent(p_workspace uuid, p_contact uuid) returns boolean language sql stable as $$
  select (select o.needs_consent from opt_out_setting o where o.workspace_id = p_workspace limit 1) is true
    and (select true from opt_out_ledger o where o.contact_id = p_contact and o.kind = 'in'
      and o.legal_basis is not null limit 1) is null $$;
