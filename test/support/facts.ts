import { join } from 'node:path';
import type { Approval } from '../../src/domain/approval/approval.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { IncidentFacts, MessageParams, RequestFacts, RunFacts } from '../../src/domain/incident/facts.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { approvalContent } from '../../src/domain/approval/content.ts';
import { indexPlan } from '../../src/domain/plan/plan-index.ts';
import { planRecovery } from '../../src/domain/plan/recovery-plan.ts';
import type { Plan, Run, StepRow, StepState } from '../../src/domain/run/model.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { heldBy } from './domain-fixtures.ts';
import { ROOT } from '../../src/runtime/paths.ts';

/* Facts of an incident in which everything happens at once, for whatever shows facts to people. */

export const T0 = new Date('2026-11-20T03:14:00.000Z');
export const at = (minutes: number): Date => new Date(T0.getTime() + minutes * 60_000);

/** The small estate, with a check after the API's restart so that there is something to prove. */
export async function smallEstate(): Promise<Estate> {
  const loaded = await loadEstate(join(ROOT, 'test/support/estates/small.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const estate = structuredClone(loaded.estate);
  const restart = estate.runbooks['restart-api']?.steps.find((step) => step.id === 'restart');
  restart?.postconditions.push({ uses: 'http', with: { url: 'http://127.0.0.1:8081/health' }, timeout: 5000 });
  return estate;
}

const NO_ESTIMATE = { expected_at: null, expected_by: null, expected_said_at: null, expected_reason: null };

export function anIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: 12,
    name: 'dr-12-orders-fail',
    title: 'Orders fail at checkout',
    severity: 'P1',
    service: 'api',
    state: 'open',
    declared_by: 'slack:U01DAN',
    declared_at: T0,
    acknowledged_by: 'slack:U01ANA',
    acknowledged_at: at(3),
    resolved_by: null,
    resolved_at: null,
    resolution: null,
    closed_at: null,
    reopened_at: null,
    resolved_ms: 0,
    merged_into: null,
    last_update: 'The database is back; the API is next.',
    origin_channel: 'C0GENERAL',
    channel: 'C0INC12',
    card_ts: '1795144440.000100',
    ladder: 1,
    ladder_from: null,
    ladder_round: 0,
    unanswered_from: null,
    told: [],
    rto_said: null,
    cadence: 1,
    update_slot: 2,
    next_update_due: at(60),
    ...NO_ESTIMATE,
    chain_seq: 9,
    chain_hash: 'f'.repeat(64),
    chain_seal: '',
    ...changes,
  };
}

export const resolvedIncident = (changes: Partial<Incident> = {}): Incident =>
  anIncident({
    state: 'resolved',
    resolved_by: 'slack:U01CLEO',
    resolved_at: at(55),
    resolution: 'The API had lost its connections; it was restarted.',
    next_update_due: null,
    ...changes,
  });

function aRow(step_id: string, state: StepState, changes: Partial<StepRow> = {}): StepRow {
  return {
    step_id,
    ord: 0,
    phase: 'main',
    state,
    waiting: 0,
    attempt: 1,
    output: null,
    error: null,
    happened: false,
    started_at: at(30),
    finished_at: null,
    ...changes,
  };
}

export function aRun(plan: Plan, changes: Partial<Run> = {}): Run {
  return {
    id: 7,
    incident_id: 12,
    plan_digest: plan.digest,
    name: plan.name,
    requested_by: 'slack:U01ANA',
    state: 'running',
    phase: 'main',
    ending: null,
    remaining: 3,
    active: 1,
    reason: null,
    pauses: 0,
    paused_by: null,
    started_at: at(28),
    finished_at: null,
    ...changes,
  };
}

/** The recovery of the API, under a digest that does not change with every field of a plan. */
export const apiPlan = (estate: Estate): Plan => ({
  ...planRecovery(estate, 'api', { database: 'unhealthy', api: 'unhealthy' }),
  digest: 'adc97c94d51a'.padEnd(64, '0'),
});

/** A run that waits for consent while another step works. */
export function liveRun(estate: Estate): RunFacts {
  const plan = apiPlan(estate);
  return {
    run: aRun(plan),
    plan,
    counts: { succeeded: 3, running: 1, waiting_approval: 1, pending: 2 },
    live: [aRow('api/look', 'running'), aRow('api/consent', 'waiting_approval', { started_at: at(31) })],
    finished: [],
  };
}

/** The same plan, stuck. */
export function pausedRun(estate: Estate): RunFacts {
  const run = liveRun(estate);
  return {
    ...run,
    run: { ...run.run, state: 'paused', reason: 'step api/restart may or may not have happened' },
    counts: { succeeded: 5, unknown: 1, pending: 1 },
    live: [aRow('api/restart', 'unknown', { error: 'the worker was killed while it ran', attempt: 2 })],
  };
}

/** A run that is over, with its steps in the order in which they ended. */
export function finishedRun(estate: Estate, state: 'succeeded' | 'failed' = 'succeeded'): RunFacts {
  const run = liveRun(estate);
  const steps = run.plan.steps.map((step, index) =>
    aRow(step.id, 'succeeded', { ord: index, started_at: at(28 + index), finished_at: at(29 + index) }),
  );
  const last = steps.length - 1;
  const failed = steps.map((row, index) =>
    index === last ? { ...row, state: 'failed' as const, error: 'channel_not_found', attempt: 3 } : row,
  );
  return {
    ...run,
    run: { ...run.run, id: 6, state, ending: state, remaining: 0, active: 0, finished_at: at(40) },
    counts: state === 'succeeded' ? { succeeded: steps.length } : { succeeded: last, failed: 1 },
    live: [],
    finished: state === 'succeeded' ? steps : failed,
  };
}

export function anApproval(run: RunFacts, changes: Partial<Approval> = {}): RequestFacts {
  const approval: Approval = {
    id: `${run.run.id}/api/consent/1`,
    run_id: run.run.id,
    step_id: 'api/consent',
    kind: 'approval',
    plan_digest: run.plan.digest,
    approvers: ['incident-commander'],
    min_approvals: 1,
    exclude_requester: true,
    require_comment: false,
    on_timeout: 'pause',
    expires_at: at(41),
    incident_id: 12,
    state: 'open',
    created_at: at(31),
    ...changes,
  };
  const content = approvalContent(approval, indexPlan(run.plan), { steps: {} });
  const holders = heldBy({ 'incident-commander': ['cleo', 'ben'], database: ['ben', 'dan'] });
  return { approval, votes: [], holders, run: run.run, plan: run.plan, content, shown_digest: null };
}

/** The whole: acknowledged, commanded, a run that waits for consent, a page without an answer, a send that hangs. */
export function facts(estate: Estate, changes: Partial<IncidentFacts> = {}): IncidentFacts {
  const run = liveRun(estate);
  return {
    now: at(35),
    estate,
    incident: anIncident(),
    roles: [{ role: 'incident-commander', person: 'slack:U01CLEO', at: at(5) }],
    runs: [run],
    approvals: [anApproval(run)],
    pages: [
      {
        dedup_key: 'lifeboat/small-shop/nf7hzvpc/INC-12/1.0/on-call',
        ladder: 1,
        level: 0,
        role: 'on-call',
        people: ['ana'],
        say: null,
        state: 'acknowledged',
      },
    ],
    deliveries: { pending: 1, failed: 0, unknown: 0 },
    ...changes,
  };
}

/** What the decisions give each template besides the facts. */
export const PARAMS = {
  'incident-notification': {},
  'status-update': { text: null, actor: 'lifeboat' },
  'recovery-notification': {},
  escalation: { level: 2, after_ms: 300_000, roles: ['secondary'], people: ['ben'], say: 'Look at the replica.' },
  page: {
    role: 'secondary',
    say: 'Look at the replica.',
    dedup_key: 'lifeboat/small-shop/nf7hzvpc/INC-12/1.1/secondary',
  },
  paged: { role: 'database', people: ['ben', 'dan'], text: 'Is the replica close behind?', actor: 'slack:U01CLEO' },
  'severity-changed': { from: 'P2', to: 'P1', reason: 'Orders are lost', actor: 'slack:U01CLEO' },
  'role-assigned': { role: 'incident-commander', person: 'slack:U01CLEO', actor: 'slack:U01DAN' },
  'run-started': { run: 7 },
  'run-paused': { run: 7, reason: 'step api/restart may or may not have happened', actor: 'lifeboat' },
  'run-finished': { run: 6 },
  'step-notice': { run: 7, step: 'api/tell', audience: 'responders', message: 'The API is back.' },
  'recovery-asked': { service: 'api', kind: 'healthy', seen: 'up', before_run: 7 },
  'recovery-refused': { service: 'api', reason: 'service `api` names no runbook', fix: 'give it `recover:`' },
  'channel-failed': { reason: 'not open after a minute: Slack asks to go slower (429)' },
  'pager-news': {
    ...{ news: 'unacknowledged', actor: 'pagerduty', role: 'on-call', people: [], text: null, resumed: true },
  },
  'page-unconfirmed': { role: 'database', reason: 'the pager cannot be reached' },
  'page-confirmed': { role: 'database' },
  'page-failed': { role: 'database', reason: 'the pager refused the routing key' },
  'escalation-ended': { since: T0.toISOString() },
  'rto-passed': { roles: ['incident-commander'], people: ['cleo', 'ben'] },
  'not-reached': { unreachable: 'U01BEN', why: 'deactivated' },
  description: { text: 'The lamp is red since noon.', actor: 'slack:U01DAN' },
  'recovery-details': {},
  'no-change': { at: '2026-11-20T03:40:00.000Z' },
  'words-wanted': {},
  expected: { at: '2026-11-20T04:30:00.000Z', reason: 'the replica catches up', actor: 'slack:U01CLEO' },
  reopened: {
    ...{
      reason: 'It fails again',
      message: 'It fails again',
      actor: 'slack:U01CLEO',
      counted_ms: 3_600_000,
      text: 'The API was restarted.',
    },
    resolved_by: 'slack:U01CLEO',
  },
  merged: { into: 7, channel: 'C0INC12', actor: 'slack:U01CLEO' },
  'merged-in': { from_incident: 8, text: 'Checkout is slow', actor: 'slack:U01CLEO' },
  'service-changed': { service: 'api', before: 'database', actor: 'slack:U01CLEO' },
  'channel-left': { reason: 'not_in_channel: the bot is not in the channel', channel: 'C0INC12' },
  continued: { text: 'And this is the rest.', part: 2, of: 3 },
} satisfies Record<string, MessageParams>;
export type TemplateName = keyof typeof PARAMS;

/** Facts as they are when a template is really used. */
export function factsFor(template: TemplateName, estate: Estate): IncidentFacts {
  if (template === 'recovery-notification' || template === 'recovery-details') {
    return facts(estate, { now: at(55), incident: resolvedIncident(), runs: [finishedRun(estate)], approvals: [] });
  }
  if (template === 'run-finished')
    return facts(estate, { now: at(40), runs: [finishedRun(estate, 'failed')], approvals: [] });
  if (template === 'run-paused') return facts(estate, { runs: [pausedRun(estate)], approvals: [] });
  if (['escalation', 'escalation-ended', 'page', 'page-failed', 'page-unconfirmed'].includes(template)) {
    const incident = anIncident({ acknowledged_by: null, acknowledged_at: null, last_update: null });
    return facts(estate, { now: at(5), incident, roles: [], runs: [], approvals: [] });
  }
  return facts(estate);
}
