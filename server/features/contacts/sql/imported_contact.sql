-- A contact as a row of an import gives it. fresh: the id of one that it may create. contact: the one that its
-- reference names, where the row has no number.
create type imported_contact as (number int, fresh uuid, contact uuid, phone text, name text, reference text,
  language text, fields jsonb, labels uuid[]);
