-- Search in the text of messages and notes, where a workspace has it on.

-- All texts up to done_seq are indexed. ready_at: when the index had caught up for the first time. enabled_at: null once
-- somebody turned it off, until the texts are gone.
create table search_setting (
  workspace_id uuid primary key references workspace,
  enabled_at timestamptz,
  done_seq bigint not null default 0,
  ready_at timestamptz
);

-- The words of a text without case and accents, and its workspace as a word: w:UUID. Longer texts than any of WhatsApp's
-- are cut.
create function text_words(p_text text, p_workspace uuid) returns tsvector language sql immutable parallel safe as $$
  select strip(to_tsvector('simple', folded(left(p_text, 8000)))) || array_to_tsvector(array['w:' || p_workspace]) $$;

create table message_text (
  message_id uuid primary key references message on delete cascade,
  words tsvector not null
);
create index message_text_words on message_text using gin (words);
create table note_text (
  note_id uuid primary key references note on delete cascade,
  words tsvector not null
);
create index note_text_words on note_text using gin (words);

-- A message whose text was changed since it was indexed.
create table search_stale (
  message_id uuid primary key references message on delete cascade
);

-- As the owner: request handlers do not write the index.
create function message_text_changed() returns trigger language plpgsql security definer
set search_path = recado, public, pg_temp as $$
begin
  insert into search_stale (message_id)
    select new.id where exists (select 1 from search_setting where workspace_id = new.workspace_id and enabled_at is not null)
    on conflict do nothing;
  return null;
end $$;
create trigger message_text_changed after update of edited_at on message for each row
  when (old.edited_at is distinct from new.edited_at) execute function message_text_changed();

create function note_text_changed() returns trigger language plpgsql security definer
set search_path = recado, public, pg_temp as $$
begin
  delete from note_text where note_id = new.id and new.body is null;
  update note_text set words = text_words(new.body, new.workspace_id) where note_id = new.id;
  return null;
end $$;
create trigger note_text_changed after update of body on note for each row
  when (old.body is distinct from new.body) execute function note_text_changed();
revoke execute on function message_text_changed, note_text_changed from public;

-- Request handlers reach the texts through texts_with alone, and read messages and notes behind their own walls.
grant select, insert, update, delete on search_setting, message_text, note_text, search_stale to recado_engine;
grant select, insert, update on search_setting to recado_api;
-- Its last value says up to where to index.
grant select on sequence message_seq to recado_engine;
do $$
declare t text;
begin
  foreach t in array '{search_setting,message_text,note_text,search_stale}'::text[] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy engine on %I to recado_engine using (true) with check (true)', t);
  end loop;
end $$;
create policy api on search_setting to recado_api using (workspace_id = (select own_workspace()))
  with check (workspace_id = (select own_workspace()));
