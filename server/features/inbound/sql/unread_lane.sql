-- Since when a lane has something to read; account_id is null where it has what came for numbers that no account had.
create type unread_lane as (account_id uuid, since timestamptz);
