-- Endpoints that get events with masked phone numbers.
alter table endpoint add column sees_numbers boolean not null default true;
