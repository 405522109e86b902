import type { Decision } from '../domain/effect/decision.ts';
import type { Claimant, ClaimedRow, EffectIntent } from '../domain/effect/effect.ts';
import type { ChainOwner } from '../domain/incident/incident.ts';
import { modeOf, type Mode } from '../domain/incident/subject.ts';
import type { NewApproval, Run, StepRow } from '../domain/run/model.ts';
import { chain, type NewEvent } from '../domain/incident/timeline.ts';
import type { Seal } from '../domain/incident/seal.ts';
import { rows, type Tx } from '../postgres/db.ts';
import { sealOf } from './incident/seals.ts';
import { settleFrom, wakeFor, type Settlement } from '../outbox/sql/effects.ts';

/** What else a decision changed; the rows are written as they are given. */
export interface Changes {
  runs?: Run[];
  /** Rows that changed, and rows that are new. */
  steps?: { run_id: number; rows: StepRow[]; added: StepRow[] }[];
  approvals?: NewApproval[];
}

/** A decision of one incident, which must be locked. */
export interface Entry {
  incident: ChainOwner;
  decision: Decision;
  changes?: Changes;
}

/** Writes a decision: timeline events, effects, the incident, runs, steps, approvals and pages, all or nothing. */
export async function persist(tx: Tx, incident: ChainOwner, decision: Decision, now: Date): Promise<void> {
  await persistAll(tx, [{ incident, decision }], now);
}

/**
 * Writes decisions of several incidents in one statement, and what became of the effects that led to them. Worker steps
 * that are due now and that `continuation` accepts are claimed for it in the same statement; those are returned.
 */
export async function persistAll(
  tx: Tx,
  entries: Entry[],
  now: Date,
  { continuation, settled = [] }: { continuation?: Claimant | undefined; settled?: Settlement[] } = {},
): Promise<ClaimedRow[]> {
  const seal = sealOf(tx);
  const chained = entries.map((entry) => link(entry, now, seal));
  const each = <T extends object>(pick: (entry: Entry) => T[]) =>
    entries.flatMap((entry) => pick(entry).map((row) => ({ incident_id: entry.incident.id, ...row })));
  const patched = chained.filter(isPatched);
  const steps = each(({ changes }) =>
    (changes?.steps ?? []).flatMap(({ run_id, rows }) => rows.map((row) => ({ run_id, ...row }))),
  );
  const added = each(({ changes }) =>
    (changes?.steps ?? []).flatMap(({ run_id, added }) => added.map((row) => ({ run_id, ...row }))),
  );
  const approvals = each(({ changes }) => changes?.approvals ?? []);
  const pages = each(({ decision }) => decision.pages ?? []);
  const base = [
    now,
    toJson(chained.filter((entry) => !isPatched(entry)).map(({ id, head }) => ({ id, ...head }))),
    toJson(chained.flatMap(({ id, events }) => events.map((event) => ({ incident_id: id, ...event })))),
    toJson(
      each(({ incident, decision }) =>
        onceEach(decision.effects).map((intent) => effectRow(intent, modeOf(incident.id), continuation)),
      ),
    ),
    toJson(each(({ changes }) => changes?.runs ?? [])),
    toJson(steps),
    toJson(settled),
    continuation?.worker ?? null,
    continuation?.lease_ms ?? 0,
  ];
  const extra = [patched, added, approvals, pages];
  const plain = extra.every((list) => list.length === 0);
  const claimed = await (plain
    ? rows<Claimed>(tx, 'persist', PERSIST, base)
    : rows<Claimed>(tx, 'persist-all', PERSIST_ALL, [...base, ...extra.map(toJson)]));
  entries.forEach(({ incident, decision }, index) => Object.assign(incident, decision.incident, chained[index]?.head));
  return claimed.filter((row) => row.id !== null).map((row) => asClaimed(entries, row));
}

/** An effect that was claimed; one empty row where none was. */
type Claimed = { id: string; key: string; created_at: Date } | { id: null };

/** A claimed effect as its worker needs it: what the insert made of it, and what was intended. */
function asClaimed(
  entries: Entry[],
  { id, key, created_at }: { id: string; key: string; created_at: Date },
): ClaimedRow {
  for (const { incident, decision } of entries) {
    const intent = decision.effects.find((each) => each.key === key);
    if (!intent) continue;
    const { kind, queue, payload, ordering_key = null } = intent;
    const fresh = { fence: 1, attempts: 1, unknown_since: null, left_by: [], cancel_requested: false, created_at };
    const mode = modeOf(incident.id);
    return { id, key, kind, queue, incident_id: incident.id, mode, payload, ordering_key, ...fresh };
  }
  throw new Error(`effect ${key} was claimed but not intended`);
}

const pickHead = ({ chain_seq, chain_hash, chain_seal }: ChainOwner) => ({ chain_seq, chain_hash, chain_seal });

/** Most decisions about steps change nothing of the incident but its chain. */
const isPatched = ({ patch }: { patch: object }): boolean => Object.keys(patch).length > 3;

/** Gives the events their place in the incident's chain, and seals its new head. */
function link({ incident, decision }: Entry, now: Date, seal: Seal | undefined) {
  const facts = JSON.parse(toJson(decision.events)) as NewEvent[];
  const before = { seq: incident.chain_seq, hash: incident.chain_hash };
  const events = chain(incident.id, before, facts, now);
  const last = events.at(-1);
  const chain_seal = last && seal?.extend(incident.id, { ...before, seal: incident.chain_seal }, last);
  const head = last
    ? { chain_seq: last.seq, chain_hash: last.hash, chain_seal: chain_seal ?? incident.chain_seal }
    : pickHead(incident);
  return { id: incident.id, events, head, patch: { ...decision.incident, ...head } };
}

function effectRow(intent: EffectIntent, mode: Mode, continuation: Claimant | undefined) {
  return { ...intent, mode, claimed: intent.due_at === undefined && (continuation?.accepts(intent) ?? false) };
}

/** Of several intents with one coalesce key the last one stands for all, in the place of the first. */
function onceEach(intents: EffectIntent[]): EffectIntent[] {
  return [...new Map(intents.map((each) => [each.coalesce_key ?? each, each])).values()];
}

/** JSON without what PostgreSQL cannot store: NUL, and halves of characters that somebody cut in two. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSTORABLE, '$1\uFFFD');
}
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/*
 * One statement, so that one round trip writes everything. Effects are numbered in the order in which they were
 * decided: that is the order of an ordering key. One that was not sent becomes the newer one, which locks it until this
 * transaction is in: it cannot be claimed and rendered from the state before. A retry keeps the time that Slack asked for.
 * `woken` is joined from the left: on the other side it would not be run at all when nothing was claimed.
 */
/** What every decision may write. */
const BASE = `
events as (
  insert into event (incident_id, seq, at, kind, actor, data, prev_hash, hash)
  select incident_id, seq, at, kind, actor, data, prev_hash, hash
  from jsonb_to_recordset($3::jsonb)
    as x(incident_id integer, seq integer, at timestamptz, kind text, actor text, data jsonb, prev_hash text, hash text)
),
intents as materialized (
  select nextval('effect_id_seq') as id, x.*
  from jsonb_to_recordset($4::jsonb)
    as x(incident_id integer, mode text, key text, kind text, queue text, site text, payload jsonb, ordering_key text,
         coalesce_key text, due_at timestamptz, claimed boolean)
),
effects as (
  insert into effect (id, key, kind, queue, site, incident_id, mode, payload, ordering_key, due_at,
                      state, fence, attempts, worker, lease_until, started_at)
  overriding system value
  select id, key, kind, queue, coalesce(site, ''), incident_id, mode, payload, ordering_key, coalesce(due_at, $1),
         case when claimed then 'running' else 'pending' end, claimed::integer, claimed::integer,
         case when claimed then $8 end,
         case when claimed then clock_timestamp() + $9 * interval '1 millisecond' end,
         case when claimed then clock_timestamp() end
  from intents where coalesce_key is null
  on conflict (key) do nothing
  returning id, key, queue, site, state, created_at
),
coalesced as (
  insert into effect (id, key, kind, queue, incident_id, mode, payload, ordering_key, coalesce_key, due_at)
  overriding system value
  select id, key || '@' || id, kind, queue, incident_id, mode, payload, ordering_key, coalesce_key,
         coalesce(due_at, $1)
  from intents where coalesce_key is not null
  on conflict (coalesce_key) where state in ('pending', 'queued')
    do update set key = excluded.key, kind = excluded.kind, payload = excluded.payload, unknown_since = null,
      created_at = clock_timestamp(),
      due_at = case when effect.attempts > 0 then effect.due_at else least(effect.due_at, excluded.due_at) end
  returning queue, site
),
chains as (
  update incident i set chain_seq = x.chain_seq, chain_hash = x.chain_hash, chain_seal = x.chain_seal
  from jsonb_to_recordset($2::jsonb) as x(id integer, chain_seq integer, chain_hash text, chain_seal text)
  where i.id = x.id
),
runs as (
  update run r set
    state = x.state, phase = x.phase, ending = x.ending, remaining = x.remaining, active = x.active,
    reason = x.reason, pauses = x.pauses, paused_by = x.paused_by, finished_at = x.finished_at
  from jsonb_to_recordset($5::jsonb)
    as x(id integer, state text, phase text, ending text, remaining integer, active integer, reason text, pauses integer, paused_by text,
         finished_at timestamptz)
  where r.id = x.id
),
steps as (
  update step s set
    state = x.state, waiting = x.waiting, attempt = x.attempt, output = x.output, error = x.error,
    happened = x.happened, started_at = x.started_at, finished_at = x.finished_at
  from jsonb_to_recordset($6::jsonb)
    as x(run_id integer, step_id text, state text, waiting integer, attempt integer, output jsonb, error text,
         happened boolean, started_at timestamptz, finished_at timestamptz)
  where s.run_id = x.run_id and s.step_id = x.step_id
),
settled as (${settleFrom('$7')}),`;

/** What only some write; leaving it out makes the statement that writes results of steps a good deal cheaper. */
const EXTRA = `
incident_row as (
  update incident i set
    name = p.name, title = p.title, severity = p.severity, service = p.service, state = p.state,
    acknowledged_by = p.acknowledged_by, acknowledged_at = p.acknowledged_at,
    resolved_by = p.resolved_by, resolved_at = p.resolved_at, resolution = p.resolution, closed_at = p.closed_at,
    reopened_at = p.reopened_at, resolved_ms = p.resolved_ms, merged_into = p.merged_into,
    last_update = p.last_update, channel = p.channel, card_ts = p.card_ts,
    ladder = p.ladder, ladder_from = p.ladder_from, ladder_round = p.ladder_round, unanswered_from = p.unanswered_from,
    told = p.told, rto_said = p.rto_said, cadence = p.cadence, update_slot = p.update_slot, next_update_due = p.next_update_due,
    expected_at = p.expected_at, expected_by = p.expected_by, expected_said_at = p.expected_said_at,
    expected_reason = p.expected_reason,
    chain_seq = p.chain_seq, chain_hash = p.chain_hash, chain_seal = p.chain_seal
  from jsonb_to_recordset($10::jsonb) as x(id integer, patch jsonb)
    join incident old on old.id = x.id, jsonb_populate_record(old, x.patch) p
  where i.id = x.id
),
new_steps as (
  insert into step (run_id, step_id, ord, phase, state, waiting, attempt, output, error, happened, started_at, finished_at)
  select run_id, step_id, ord, phase, state, waiting, attempt, output, error, happened, started_at, finished_at
  from jsonb_to_recordset($11::jsonb)
    as x(run_id integer, step_id text, ord integer, phase text, state text, waiting integer, attempt integer,
         output jsonb, error text, happened boolean, started_at timestamptz, finished_at timestamptz)
),
approvals as (
  insert into approval (id, incident_id, run_id, step_id, kind, plan_digest, approvers, min_approvals,
                        exclude_requester, require_comment, on_timeout, created_at, expires_at)
  select id, incident_id, run_id, step_id, kind, plan_digest, approvers, min_approvals, exclude_requester,
         require_comment, on_timeout, $1, expires_at
  from jsonb_to_recordset($12::jsonb)
    as x(incident_id integer, id text, run_id integer, step_id text, kind text, plan_digest text, approvers text[], min_approvals integer,
         exclude_requester boolean, require_comment boolean, on_timeout text, expires_at timestamptz)
  on conflict (id) do nothing
),
pages as (
  insert into page (dedup_key, incident_id, ladder, level, role, people, say, created_at)
  select dedup_key, incident_id, ladder, level, role, people, say, $1
  from jsonb_to_recordset($13::jsonb)
    as x(incident_id integer, dedup_key text, ladder integer, level integer, role text, people text[], say text)
  on conflict (dedup_key) do nothing
),`;

const LAST = `
woken as (${wakeFor(`(
  select queue, site from effects where state = 'pending' union all select queue, site from coalesced) due`)})
select claimed.id, claimed.key, claimed.created_at
from (select count(*) from woken) w left join effects claimed on claimed.state = 'running'`;

const PERSIST = `with ${BASE} ${LAST}`;
const PERSIST_ALL = `with ${BASE} ${EXTRA} ${LAST}`;
