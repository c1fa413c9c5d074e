-- A contact that was deleted while a message of it was being stored took its address along: the batch begins anew.
create function begin_anew() returns text language plpgsql volatile as $$
begin raise exception 'a contact vanished while a message of it was being stored' using errcode = '40001'; end $$;
