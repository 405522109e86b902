-- An incident that was called over and is open again: since when, and how long it counted as resolved before, in ms.
alter table incident add column reopened_at timestamptz;
alter table incident add column resolved_ms double precision not null default 0;

-- A duplicate goes on in another incident.
alter table incident add column merged_into integer references incident (id);
alter table incident add constraint incident_merged_check
  check (merged_into is null or (merged_into <> id and state = 'closed'));

-- A declaration that was held back because the same was declared moments before: its words, until somebody decides.
create table declaration_offer (
  key text primary key,
  actor text not null,
  similar_to integer not null references incident (id),
  input jsonb not null,
  at timestamptz not null default now()
);
create index declaration_offer_at on declaration_offer (at);

-- What checks said last, by whoever looked.
create index effect_looked on effect (id) where kind in ('health.look', 'recovery.assess') and state = 'done';

-- Pages that nobody answered, whatever incident they belong to.
create index page_triggered on page (created_at) where state = 'triggered';

-- What goes on elsewhere is not over for those who only see services.
create index incident_merged on incident (merged_into) where merged_into is not null;
