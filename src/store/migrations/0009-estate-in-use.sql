-- The estate in use: one for all processes, whatever files they were started with.

create table estate (
  digest        text primary key,                      -- of its meaning: spaces and comments do not count
  body          jsonb not null,                        -- its files as they were read: {"main": path, "files": {path: text}}
  first_used_at timestamptz not null default now()
);

-- The newest row is the estate in use.
create table estate_use (
  id      bigint generated always as identity primary key,
  digest  text not null references estate,
  loaded_by text not null,                             -- an actor, or the process that started
  source  text not null,                               -- host and file
  at      timestamptz not null default now()
);

create function estate_in_use() returns text language sql stable as $$
  select digest from estate_use order by id desc limit 1
$$;

-- Under which estate a run was planned, an approval was asked for, and somebody decided; null before this migration.
alter table run add column estate_digest text default estate_in_use();
alter table approval add column estate_digest text default estate_in_use();
alter table approval_decision add column estate_digest text default estate_in_use();
