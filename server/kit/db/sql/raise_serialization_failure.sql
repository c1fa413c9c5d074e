-- Makes the caller repeat its transaction: a contact and its address were deleted while a message of it was stored.
-- plan: inherited
create function raise_serialization_failure() returns uuid language plpgsql volatile as $$
begin raise exception 'a contact was deleted while a message of it was being stored' using errcode = '40001'; end $$;
