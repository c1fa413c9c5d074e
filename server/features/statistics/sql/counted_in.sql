-- The rows of grouped_count that a message of a quarter counts in.
create function counted_in(p_quarter timestamptz, p_account uuid, p_template text, p_campaign uuid, p_sender uuid,
  p_calling_code text) returns table (counted_by text, at timestamptz, account_id uuid, key text)
language sql stable as $$
  values ('all', p_quarter, null, null),
    ('account', date_trunc('day', p_quarter, 'UTC'), p_account, p_account::text),
    ('template', date_trunc('day', p_quarter, 'UTC'), p_account, p_template),
    ('campaign', date_trunc('day', p_quarter, 'UTC'), p_account, p_campaign::text),
    ('sender', date_trunc('day', p_quarter, 'UTC'), p_account, p_sender::text),
    ('country', date_trunc('day', p_quarter, 'UTC'), p_account, p_calling_code) $$;
