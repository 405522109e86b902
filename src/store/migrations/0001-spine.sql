-- The spine: incidents with their hash-chained timeline, plans and runs with step rows, pages, approvals, effects.
-- Every change to an incident happens under the lock of its row, so one incident has one writer at a time.

create table incident (
  id               integer generated always as identity primary key,
  name             text not null unique,               -- the channel's deterministic name: dr-7-primary-site-lost-power
  title            text not null,
  severity         text not null check (severity in ('P0', 'P1', 'P2', 'P3')),
  service          text,
  state            text not null default 'open' check (state in ('open', 'resolved', 'closed')),
  declared_by      text not null,
  declared_at      timestamptz not null,
  acknowledged_by  text,
  acknowledged_at  timestamptz,
  resolved_by      text,
  resolved_at      timestamptz,
  resolution       text,
  closed_at        timestamptz,
  last_update      text,
  origin_channel   text,
  channel          text,                               -- null until the channel exists
  card_ts          text,
  ladder           integer not null default 1,         -- each re-planned escalation ladder has a number of its own
  cadence          integer not null default 1,         -- each re-planned update cadence has a number of its own
  update_slot      integer not null default 0,         -- updates posted or collapsed so far
  next_update_due  timestamptz,
  chain_seq        integer not null default 0,
  chain_hash       text not null default ''
) with (fillfactor = 70);
create index incident_open on incident (id) where state <> 'closed';
create unique index incident_channel on incident (channel) where channel is not null;

create table role_assignment (
  incident_id integer not null references incident,
  role        text not null,
  person      text not null,
  at          timestamptz not null,
  primary key (incident_id, role)
);

create table event (
  incident_id integer not null references incident,
  seq         integer not null,
  at          timestamptz not null,
  kind        text not null,
  actor       text not null,
  data        jsonb not null,
  prev_hash   text not null,
  hash        text not null,
  primary key (incident_id, seq)
);

create table plan (
  digest text primary key,
  body   jsonb not null
);

create table run (
  id           integer generated always as identity primary key,
  incident_id  integer not null references incident,
  plan_digest  text not null references plan,
  name         text not null,
  requested_by text not null,
  state        text not null check (state in ('running', 'paused', 'succeeded', 'failed', 'aborted', 'rolled_back')),
  phase        text not null default 'main' check (phase in ('main', 'rollback', 'finally')),
  ending       text,                                   -- what the run will be when its rollback and finally are through
  remaining    integer not null,                       -- steps of the current phase that are not over
  active       integer not null default 0,             -- steps that run or wait for a person or a timer
  reason       text,
  started_at   timestamptz not null,
  finished_at  timestamptz
) with (fillfactor = 70);
create index run_incident on run (incident_id);
create index run_live on run (id) where finished_at is null;

create table step (
  run_id      integer not null references run,
  step_id     text not null,
  ord         integer not null,
  phase       text not null,
  state       text not null,
  waiting     integer not null,                        -- needs that are not met yet
  attempt     integer not null default 0,
  output      jsonb,
  error       text,
  started_at  timestamptz,
  finished_at timestamptz,
  primary key (run_id, step_id)
) with (fillfactor = 70);                              -- rows change in place: no index knows their state

create table step_output (
  id      bigint generated always as identity primary key,
  run_id  integer not null references run,
  step_id text not null,
  attempt integer not null,
  stream  text not null,
  text    text not null,
  at      timestamptz not null default now()
);
create index step_output_step on step_output (run_id, step_id, id);

create table approval (
  id                text primary key,                  -- run/step/attempt
  incident_id       integer not null references incident,
  run_id            integer not null references run,
  step_id           text not null,
  kind              text not null check (kind in ('approval', 'manual')),
  plan_digest       text not null,
  approvers         text[] not null,
  min_approvals     integer not null,
  exclude_requester boolean not null,
  require_comment   boolean not null default false,
  on_timeout        text not null default 'pause',
  state             text not null default 'open' check (state in ('open', 'approved', 'denied', 'expired', 'canceled')),
  created_at        timestamptz not null,
  expires_at        timestamptz
);
create index approval_open on approval (incident_id) where state = 'open';

create table approval_decision (
  approval_id text not null references approval,
  person      text not null,
  decision    text not null check (decision in ('approve', 'deny')),
  comment     text,
  at          timestamptz not null,
  primary key (approval_id, person)
);

create table page (
  dedup_key    text primary key,
  incident_id  integer not null references incident,
  ladder       integer not null,
  level        integer not null,
  role         text not null,
  people       text[] not null,
  say          text,
  state        text not null default 'triggered' check (state in ('triggered', 'acknowledged', 'resolved')),
  created_at   timestamptz not null
);
create index page_incident on page (incident_id);

create table effect (
  id           bigint generated always as identity primary key,
  key          text not null unique,
  kind         text not null,
  queue        text not null,
  incident_id  integer references incident,
  payload      jsonb not null,
  ordering_key text,
  coalesce_key text,
  due_at       timestamptz not null,
  state        text not null default 'pending'
               check (state in ('pending', 'queued', 'running', 'done', 'failed', 'unknown', 'cancelled')),
  fence        integer not null default 0,
  worker       text,
  lease_until  timestamptz,
  queued_at    timestamptz,
  started_at   timestamptz,
  handovers    integer not null default 0,
  attempts     integer not null default 0,
  unknown_since timestamptz,                           -- the first attempt whose outcome nobody knows
  cancel_requested boolean not null default false,
  result       jsonb,
  error        text,
  created_at   timestamptz not null default now(),
  finished_at  timestamptz
);
create unique index effect_coalesced on effect (coalesce_key) where state in ('pending', 'queued');
create index effect_pending on effect (due_at) where state = 'pending';
create index effect_queued on effect (queued_at) where state = 'queued';
create index effect_running on effect (lease_until) where state = 'running';
create index effect_lane on effect (ordering_key, id) where state in ('pending', 'queued', 'running');
create index effect_send on effect (incident_id, id) where queue in ('chat', 'pages') and state <> 'done';

create table lane (
  key         text primary key,
  paced_until timestamptz not null
);

create table inbound (
  key    text primary key,
  source text not null,
  at     timestamptz not null default now()
);
create index inbound_at on inbound (at);
