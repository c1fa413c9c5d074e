-- concurrently
create index concurrently media_note on media (note_id) where note_id is not null;
