-- Has the caller begin anew: a contact that was deleted while a message of it was being stored took its address along.
create function raise_serialization_failure() returns uuid language plpgsql volatile as $$
begin raise exception 'a contact was deleted while a message of it was being stored' using errcode = '40001'; end $$;
