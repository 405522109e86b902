-- What the migrations add up to, read from the catalogue. Written by
-- `UPDATE_SCHEMA=1 npx vitest run test/flow/migrations.test.ts`, and compared by the same test.

create table approval (
  id text not null,
  incident_id integer not null,
  run_id integer not null,
  step_id text not null,
  kind text not null,
  plan_digest text not null,
  approvers text[] not null,
  min_approvals integer not null,
  exclude_requester boolean not null,
  require_comment boolean not null default false,
  on_timeout text not null default 'pause'::text,
  state text not null default 'open'::text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  decided_at timestamp with time zone,
  estate_digest text default estate_in_use(),
  left_ms integer,
  constraint approval_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint approval_kind_check CHECK ((kind = ANY (ARRAY['approval'::text, 'manual'::text]))),
  constraint approval_pkey PRIMARY KEY (id),
  constraint approval_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id),
  constraint approval_state_check CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'denied'::text, 'expired'::text, 'cancelled'::text])))
);
CREATE INDEX approval_incident ON public.approval USING btree (incident_id, decided_at);
CREATE INDEX approval_open ON public.approval USING btree (incident_id) WHERE (state = 'open'::text);
CREATE INDEX approval_run ON public.approval USING btree (run_id) WHERE (state = 'open'::text);
create table approval_decision (
  approval_id text not null,
  person text not null,
  decision text not null,
  comment text,
  at timestamp with time zone not null,
  estate_digest text default estate_in_use(),
  constraint approval_decision_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approval(id),
  constraint approval_decision_decision_check CHECK ((decision = ANY (ARRAY['approve'::text, 'deny'::text]))),
  constraint approval_decision_pkey PRIMARY KEY (approval_id, person)
);
create table declaration_offer (
  key text not null,
  actor text not null,
  similar_to integer not null,
  input jsonb not null,
  at timestamp with time zone not null default now(),
  constraint declaration_offer_pkey PRIMARY KEY (key),
  constraint declaration_offer_similar_to_fkey FOREIGN KEY (similar_to) REFERENCES incident(id)
);
CREATE INDEX declaration_offer_at ON public.declaration_offer USING btree (at);
create table effect (
  id bigint not null generated always as identity,
  key text not null,
  kind text not null,
  queue text not null,
  incident_id integer,
  payload jsonb not null,
  ordering_key text,
  coalesce_key text,
  due_at timestamp with time zone not null,
  state text not null default 'pending'::text,
  fence integer not null default 0,
  worker text,
  lease_until timestamp with time zone,
  queued_at timestamp with time zone,
  started_at timestamp with time zone,
  handovers integer not null default 0,
  attempts integer not null default 0,
  unknown_since timestamp with time zone,
  cancel_requested boolean not null default false,
  result jsonb,
  error text,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  site text not null default ''::text,
  blocked boolean not null default false,
  left_by text[] not null default '{}'::text[],
  mode text not null default 'live'::text,
  constraint effect_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint effect_key_key UNIQUE (key),
  constraint effect_mode_check CHECK ((mode =
CASE
    WHEN (incident_id < 0) THEN 'drill'::text
    ELSE 'live'::text
END)),
  constraint effect_pkey PRIMARY KEY (id),
  constraint effect_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text])))
);
CREATE INDEX effect_buttoned ON public.effect USING btree (incident_id) WHERE ((kind = 'message.post'::text) AND ((payload ->> 'template'::text) = ANY (ARRAY['page'::text, 'escalation'::text, 'page-failed'::text, 'page-unconfirmed'::text, 'recovery-asked'::text])));
CREATE UNIQUE INDEX effect_coalesced ON public.effect USING btree (coalesce_key) WHERE (state = ANY (ARRAY['pending'::text, 'queued'::text]));
CREATE INDEX effect_due ON public.effect USING btree (queue, site, due_at, id) WHERE ((state = 'pending'::text) AND (NOT blocked));
CREATE INDEX effect_lane ON public.effect USING btree (ordering_key, id) WHERE (state = ANY (ARRAY['pending'::text, 'queued'::text, 'running'::text]));
CREATE INDEX effect_looked ON public.effect USING btree (id) WHERE ((kind = ANY (ARRAY['health.look'::text, 'recovery.assess'::text])) AND (state = 'done'::text));
CREATE INDEX effect_queued ON public.effect USING btree (queue, queued_at) WHERE (state = 'queued'::text);
CREATE INDEX effect_running ON public.effect USING btree (lease_until) WHERE (state = 'running'::text);
CREATE INDEX effect_send ON public.effect USING btree (incident_id, id) WHERE ((queue = ANY (ARRAY['chat'::text, 'pages'::text])) AND (state <> 'done'::text));
CREATE INDEX effect_step ON public.effect USING btree (incident_id) WHERE ((kind = ANY (ARRAY['step.run'::text, 'step.wake'::text, 'recovery.assess'::text])) AND (state = ANY (ARRAY['pending'::text, 'queued'::text, 'running'::text])));
CREATE INDEX effect_trouble ON public.effect USING btree (incident_id) WHERE (state = ANY (ARRAY['failed'::text, 'unknown'::text]));
CREATE INDEX effect_update ON public.effect USING btree (incident_id, id) WHERE ((kind = 'update.post'::text) AND (state = 'done'::text));
create table estate (
  digest text not null,
  body jsonb not null,
  first_used_at timestamp with time zone not null default now(),
  constraint estate_pkey PRIMARY KEY (digest)
);
create table estate_use (
  id bigint not null generated always as identity,
  digest text not null,
  loaded_by text not null,
  source text not null,
  at timestamp with time zone not null default now(),
  constraint estate_use_digest_fkey FOREIGN KEY (digest) REFERENCES estate(digest),
  constraint estate_use_pkey PRIMARY KEY (id)
);
create table event (
  incident_id integer not null,
  seq integer not null,
  at timestamp with time zone not null,
  kind text not null,
  actor text not null,
  data jsonb not null,
  prev_hash text not null,
  hash text not null,
  constraint event_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint event_pkey PRIMARY KEY (incident_id, seq)
);
CREATE INDEX event_person ON public.event USING btree ((((split_part(actor, ':'::text, 1) || ':'::text) || split_part(actor, ':'::text, 2))), incident_id) WHERE (kind = ANY (ARRAY['incident.declared'::text, 'incident.acknowledged'::text, 'incident.resolved'::text]));
CREATE INDEX event_role_person ON public.event USING btree ((((split_part((data ->> 'person'::text), ':'::text, 1) || ':'::text) || split_part((data ->> 'person'::text), ':'::text, 2))), incident_id) WHERE (kind = 'role.assigned'::text);
CREATE INDEX event_words ON public.event USING gin (to_tsvector('simple'::regconfig, ((((((COALESCE((data ->> 'title'::text), ''::text) || ' '::text) || COALESCE((data ->> 'description'::text), ''::text)) || ' '::text) || COALESCE((data ->> 'text'::text), ''::text)) || ' '::text) || COALESCE((data ->> 'summary'::text), ''::text)))) WITH (fastupdate=off) WHERE (kind = ANY (ARRAY['incident.declared'::text, 'update.posted'::text, 'note.added'::text, 'incident.resolved'::text]));
create table inbound (
  key text not null,
  source text not null,
  at timestamp with time zone not null default now(),
  constraint inbound_pkey PRIMARY KEY (key)
);
CREATE INDEX inbound_at ON public.inbound USING btree (at);
create table incident (
  id integer not null generated always as identity,
  name text not null,
  title text not null,
  severity text not null,
  service text,
  state text not null default 'open'::text,
  declared_by text not null,
  declared_at timestamp with time zone not null,
  acknowledged_by text,
  acknowledged_at timestamp with time zone,
  resolved_by text,
  resolved_at timestamp with time zone,
  resolution text,
  closed_at timestamp with time zone,
  last_update text,
  origin_channel text,
  channel text,
  card_ts text,
  ladder integer not null default 1,
  cadence integer not null default 1,
  update_slot integer not null default 0,
  next_update_due timestamp with time zone,
  chain_seq integer not null default 0,
  chain_hash text not null default ''::text,
  chain_seal text not null default ''::text,
  ladder_from timestamp with time zone,
  ladder_round integer not null default 0,
  unanswered_from timestamp with time zone,
  told text[] not null default '{}'::text[],
  rto_said timestamp with time zone,
  expected_at timestamp with time zone,
  expected_by text,
  expected_said_at timestamp with time zone,
  expected_reason text,
  reopened_at timestamp with time zone,
  resolved_ms double precision not null default 0,
  merged_into integer,
  constraint incident_merged_check CHECK (((merged_into IS NULL) OR ((merged_into <> id) AND (state = 'closed'::text)))),
  constraint incident_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES incident(id),
  constraint incident_name_key UNIQUE (name),
  constraint incident_pkey PRIMARY KEY (id),
  constraint incident_severity_check CHECK ((severity = ANY (ARRAY['P0'::text, 'P1'::text, 'P2'::text, 'P3'::text]))),
  constraint incident_state_check CHECK ((state = ANY (ARRAY['open'::text, 'resolved'::text, 'closed'::text])))
);
CREATE UNIQUE INDEX incident_channel ON public.incident USING btree (channel) WHERE (channel IS NOT NULL);
CREATE INDEX incident_declared ON public.incident USING btree (declared_at);
CREATE INDEX incident_merged ON public.incident USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX incident_open ON public.incident USING btree (id) WHERE (state <> 'closed'::text);
CREATE INDEX incident_resolved ON public.incident USING btree (resolved_at) WHERE (resolved_at IS NOT NULL);
CREATE INDEX incident_service ON public.incident USING btree (service, id) WHERE (service IS NOT NULL);
CREATE INDEX incident_severity ON public.incident USING btree (severity, id);
create table lane (
  key text not null,
  paced_until timestamp with time zone not null,
  constraint lane_pkey PRIMARY KEY (key)
);
CREATE INDEX lane_paced ON public.lane USING btree (paced_until);
create table lock (
  name text not null,
  run_id integer not null,
  incident_id integer not null,
  person text not null,
  at timestamp with time zone not null,
  constraint lock_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id) ON DELETE CASCADE,
  constraint lock_pkey PRIMARY KEY (name),
  constraint lock_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX lock_run ON public.lock USING btree (run_id);
create table migration (
  name text not null,
  sha256 text not null,
  at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);
create table page (
  dedup_key text not null,
  incident_id integer not null,
  ladder integer not null,
  level integer not null,
  role text not null,
  people text[] not null,
  say text,
  state text not null default 'triggered'::text,
  created_at timestamp with time zone not null,
  answered_by text,
  answered_at timestamp with time zone,
  pager_id text,
  constraint page_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint page_pkey PRIMARY KEY (dedup_key),
  constraint page_state_check CHECK ((state = ANY (ARRAY['triggered'::text, 'acknowledged'::text, 'resolved'::text])))
);
CREATE INDEX page_incident ON public.page USING btree (incident_id);
CREATE INDEX page_pager_id ON public.page USING btree (pager_id) WHERE (pager_id IS NOT NULL);
CREATE INDEX page_triggered ON public.page USING btree (created_at) WHERE (state = 'triggered'::text);
create table plan (
  digest text not null,
  body jsonb not null,
  constraint plan_pkey PRIMARY KEY (digest)
);
create table recording (
  id bigint not null generated always as identity,
  effect_id bigint not null,
  incident_id integer not null,
  call text not null,
  target text not null,
  text text not null,
  body jsonb not null,
  at timestamp with time zone not null default now(),
  constraint recording_effect_id_call_target_key UNIQUE (effect_id, call, target),
  constraint recording_effect_id_fkey FOREIGN KEY (effect_id) REFERENCES effect(id) ON DELETE CASCADE,
  constraint recording_incident_id_check CHECK ((incident_id < 0)),
  constraint recording_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint recording_pkey PRIMARY KEY (id)
);
CREATE INDEX recording_incident ON public.recording USING btree (incident_id, id);
create table role_assignment (
  incident_id integer not null,
  role text not null,
  person text not null,
  at timestamp with time zone not null,
  constraint role_assignment_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint role_assignment_pkey PRIMARY KEY (incident_id, role)
);
create table run (
  id integer not null generated always as identity,
  incident_id integer not null,
  plan_digest text not null,
  name text not null,
  requested_by text not null,
  state text not null,
  phase text not null default 'main'::text,
  ending text,
  remaining integer not null,
  active integer not null default 0,
  reason text,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  pauses integer not null default 0,
  paused_by text,
  estate_digest text default estate_in_use(),
  constraint run_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint run_phase_check CHECK ((phase = ANY (ARRAY['main'::text, 'rollback'::text, 'finally'::text]))),
  constraint run_pkey PRIMARY KEY (id),
  constraint run_plan_digest_fkey FOREIGN KEY (plan_digest) REFERENCES plan(digest),
  constraint run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'succeeded'::text, 'unverified'::text, 'failed'::text, 'aborted'::text, 'rolled_back'::text])))
);
CREATE INDEX run_incident ON public.run USING btree (incident_id);
CREATE INDEX run_live ON public.run USING btree (id) WHERE (finished_at IS NULL);
create table seal_key (
  id text not null,
  first_used_at timestamp with time zone not null default now(),
  constraint seal_key_pkey PRIMARY KEY (id)
);
create table step (
  run_id integer not null,
  step_id text not null,
  ord integer not null,
  phase text not null,
  state text not null,
  waiting integer not null,
  attempt integer not null default 0,
  output jsonb,
  error text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  happened boolean not null default false,
  constraint step_pkey PRIMARY KEY (run_id, step_id),
  constraint step_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id)
);
create table step_output (
  id bigint not null generated always as identity,
  run_id integer not null,
  step_id text not null,
  attempt integer not null,
  stream text not null,
  text text not null,
  at timestamp with time zone not null default now(),
  constraint step_output_pkey PRIMARY KEY (id),
  constraint step_output_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id)
);
CREATE INDEX step_output_step ON public.step_output USING btree (run_id, step_id, id);
CREATE OR REPLACE FUNCTION public.effect_free_next()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  head record;
  pace timestamptz;
begin
  select id, queue, site, state into head from effect
    where ordering_key = new.ordering_key and state in ('pending', 'queued', 'running') order by id limit 1;
  if head.state is distinct from 'pending' then
    return null;
  end if;
  select paced_until into pace from lane where key = new.ordering_key;
  update effect set blocked = false, due_at = greatest(due_at, pace)
    where id = head.id and state = 'pending' and (blocked or due_at < pace);
  perform pg_notify('lifeboat_effect', head.queue || '/' || head.site);
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.estate_in_use()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select digest from estate_use order by id desc limit 1
$function$;
CREATE OR REPLACE FUNCTION public.free_locks()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from lock where run_id = new.id;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.refuse_timeline_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the timeline is append-only: % on the table event is refused', tg_op
    using errcode = 'insufficient_privilege', hint = 'Write a new event that corrects the old one.';
end
$function$;
CREATE TRIGGER effect_free_next AFTER UPDATE OF state ON public.effect FOR EACH ROW WHEN (((new.ordering_key IS NOT NULL) AND (old.state = ANY (ARRAY['pending'::text, 'queued'::text, 'running'::text])) AND (new.state <> ALL (ARRAY['pending'::text, 'queued'::text, 'running'::text])))) EXECUTE FUNCTION effect_free_next()
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_timeline_change() -- always
CREATE TRIGGER run_frees_locks AFTER UPDATE OF finished_at ON public.run FOR EACH ROW WHEN (((old.finished_at IS NULL) AND (new.finished_at IS NOT NULL))) EXECUTE FUNCTION free_locks()
