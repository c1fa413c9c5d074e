-- Whether the number of a row of an import is the one of a column `second_phone`.
alter table contact_import_row add column second_phone boolean not null default false;
