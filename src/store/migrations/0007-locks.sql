-- Locks: a service, and whatever a runbook names, is worked on by one run at a time, across incidents.

create table lock (
  name        text primary key,                        -- service:api, lock:region-switch
  run_id      integer not null references run on delete cascade deferrable initially deferred,
  incident_id integer not null references incident on delete cascade,
  person      text not null,
  at          timestamptz not null
);
create index lock_run on lock (run_id);

-- Whatever ends a run frees its locks in the same transaction: no way of ending one can forget it.
create function free_locks() returns trigger language plpgsql as $$
begin
  delete from lock where run_id = new.id;
  return null;
end $$;
create trigger run_frees_locks after update of finished_at on run for each row
  when (old.finished_at is null and new.finished_at is not null) execute function free_locks();

-- Runs that are under way hold the services of their plans; of two that already work on one, the older holds it.
insert into lock (name, run_id, incident_id, person, at)
  select 'service:' || service, r.id, r.incident_id, r.requested_by, r.started_at
  from run r join plan p on p.digest = r.plan_digest, jsonb_array_elements_text(p.body -> 'services') service
  where r.finished_at is null order by r.id
  on conflict (name) do nothing;

-- When a request was decided: a typed answer means the only request of the last minutes, or none.
alter table approval add column decided_at timestamptz;
update approval set decided_at = created_at where state <> 'open';
create index approval_incident on approval (incident_id, decided_at);
