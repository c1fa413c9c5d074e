// The baseline's tables, with the indexes that its lists would need.
export const schema = `
  create table session (
    id uuid primary key,
    workspace_id uuid not null,
    person_id uuid not null,
    role text not null,
    revoked_at timestamptz
  );
  create table account (
    id uuid primary key,
    workspace_id uuid not null,
    phone_number_id text not null,
    status text not null
  );
  create table contact (
    id uuid primary key,
    workspace_id uuid not null,
    phone text not null,
    created_at timestamptz not null default now(),
    unique (workspace_id, phone)
  );
  create table message (
    id uuid primary key,
    workspace_id uuid not null,
    account_id uuid not null references account,
    contact_id uuid not null references contact,
    address text not null,
    type text not null,
    content jsonb not null,
    status text not null,
    channel_message_id text,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    sent_at timestamptz
  );
  create index message_list on message (workspace_id, created_at);
  create index message_thread on message (contact_id, created_at);
  create index message_channel on message (channel_message_id);
`;
