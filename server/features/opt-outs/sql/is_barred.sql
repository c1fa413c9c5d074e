-- Whether an opt-out of the contact bars this message of ours. The answer to a word is never barred.
create function is_barred(p_message uuid, p_contact uuid, p_category text) returns boolean language sql stable as $$
  select is_opted_out(p_contact, p_category)
    and (select true from opt_out_answer o where o.message_id = p_message limit 1) is null $$;
