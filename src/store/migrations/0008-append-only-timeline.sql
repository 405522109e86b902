-- The timeline is append-only for everybody, its owner included: triggers hold for whoever may write the table at all,
-- the revoked rights for the owner's other statements. Always: also where a session calls itself a replica.

create function refuse_timeline_change() returns trigger language plpgsql as $$
begin
  raise exception 'the timeline is append-only: % on the table event is refused', tg_op
    using errcode = 'insufficient_privilege', hint = 'Write a new event that corrects the old one.';
end
$$;

create trigger event_append_only before update or delete or truncate on event
  for each statement execute function refuse_timeline_change();
alter table event enable always trigger event_append_only;

revoke update, delete, truncate on event from current_user;
revoke update, delete, truncate on event from public;

-- `key:seq:hmac` over the head of the incident's chain, by a key that the database does not hold; '' is no seal.
alter table incident add column chain_seal text not null default '';

-- Which keys have sealed timelines here: a process with another one says so.
create table seal_key (
  id            text primary key,                      -- the first digits of the key's SHA-256
  first_used_at timestamptz not null default now()
);
