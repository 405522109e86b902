-- Subjects: the sign of a number says what its timeline belongs to. Numbers of incidents and drills come from sequences of
-- their own, so every statement that means incidents alone says `id > 0` and keeps the indexes that it has.
comment on column incident.id is 'above 0: INC-<id>; below 0: DRILL-<-id>; 0: the estate''s own timeline';
create sequence drill_number as integer;

-- The estate's own timeline. It is closed: no list, card, cadence or page meets it.
insert into incident (id, name, title, severity, state, declared_by, declared_at)
  overriding system value values (0, 'estate', 'timeline', 'P3', 'closed', 'lifeboat', now());

-- Which adapters an effect may reach. A drill's effect cannot be written as a live one.
alter table effect add column mode text not null default 'live';
alter table effect add constraint effect_mode_check
  check (mode = case when incident_id < 0 then 'drill' else 'live' end);

-- What effects of drills would have sent; kept as long as its effect is.
create table recording (
  id          bigint generated always as identity primary key,
  effect_id   bigint not null references effect (id) on delete cascade,
  incident_id integer not null references incident (id),
  call        text not null,
  target      text not null,
  text        text not null,
  body        jsonb not null,
  at          timestamptz not null default now(),
  unique (effect_id, call, target),
  check (incident_id < 0)
);
create index recording_incident on recording (incident_id, id);
