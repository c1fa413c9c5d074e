-- Whether an outcome is that of a call: the others say why there was none. echo: written on the business's phone.
create function is_call(p_class text) returns boolean language sql immutable parallel safe
as $$ select p_class not in ('released', 'expired', 'file_pending', 'echo') $$;
