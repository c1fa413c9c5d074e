-- Files of notes. A file has one note, and goes with it. note_place: its place among the files of the note.
alter table media add column note_id uuid, add column note_place smallint;
-- Not validated, as it would read the whole table: no file has a note yet.
alter table media add constraint media_note_fkey foreign key (note_id) references note on delete cascade not valid;

-- A limited reader sees the files of the notes that they read.
create policy limited_notes on media as restrictive to recado_limited
  using (note_id is null or note_id in (select id from note)) with check (true);
