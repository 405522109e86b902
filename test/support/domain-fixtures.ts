import type { Approval } from '../../src/domain/approval/approval.ts';
import type { RoleHolders } from '../../src/domain/estate/holders.ts';
import type {
  Check,
  Estate,
  EscalationLevel,
  EscalationPolicy,
  Runbook,
  Service,
  Severity,
} from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { withDigest } from '../../src/domain/plan/plan.ts';
import type { Plan, PlanStep } from '../../src/domain/run/model.ts';

export const MINUTE = 60_000;
export const T0 = new Date('2028-02-29T23:50:00.000Z');
export const later = (ms: number, from = T0): Date => new Date(from.getTime() + ms);

export const noop: Check = { uses: 'noop', with: {}, timeout: 1000 };

/** A step that a worker repeats at will; what a test is about is put over it. */
export function aStep(id: string, over: Partial<PlanStep> = {}): PlanStep {
  return {
    id,
    name: id,
    uses: 'noop',
    with: {},
    needs: [],
    side_effect: 'idempotent',
    timeout: 1000,
    retry: { max_attempts: 1, interval: 1000, backoff_factor: 2, max_interval: 10_000 },
    on_failure: 'pause',
    preconditions: [],
    postconditions: [],
    ...over,
  };
}

export const threeTries = { max_attempts: 3, interval: 1000, backoff_factor: 2, max_interval: 10_000 };

export function aPlan(steps: PlanStep[], last: PlanStep[] = []): Plan {
  return withDigest({
    name: 'restart',
    title: 'Restart it',
    kind: 'runbook',
    target: 'restart',
    inputs: {},
    services: [],
    rto: null,
    steps,
    finally: last,
  });
}

export function aRunbook(name: string, over: Partial<Runbook> = {}): Runbook {
  return { name, description: `Does ${name}`, inputs: {}, steps: [aStep('only')], finally: [], ...over };
}

export function aService(over: Partial<Service> = {}): Service {
  return { tier: 1, rto: 1, rpo: 1, owner: 'on-call', depends_on: [], checks: [], auto_recover: false, ...over };
}

export const needsService = (service: string, strength: 'strong' | 'weak' = 'strong') => ({ service, strength });

const severity = (name: string, escalation: string, update_every: number, audiences: string[]): Severity => ({
  name,
  rto: 60 * MINUTE,
  rpo: 15 * MINUTE,
  respond_within: 5 * MINUTE,
  update_every,
  escalation,
  audiences,
});

export const aPolicy = (levels: EscalationLevel[], over: Partial<EscalationPolicy> = {}): EscalationPolicy => ({
  levels,
  repeat: 0,
  patience: 15 * MINUTE,
  ...over,
});

export function anEstate(over: Partial<Estate> = {}): Estate {
  return {
    name: 'shop',
    outsiders: { guests: false, other_companies: false },
    sites: { east: { role: 'primary', url: 'http://127.0.0.1:1', port: 8081 }, west: { role: 'standby' } },
    severities: {
      P0: severity('Critical', 'critical', 15 * MINUTE, ['responders', 'management', 'customers']),
      P1: severity('High', 'standard', 30 * MINUTE, ['responders', 'management']),
      P2: severity('Medium', 'standard', 120 * MINUTE, ['responders']),
      P3: severity('Low', 'quiet', 240 * MINUTE, ['responders']),
    },
    people: {
      ana: { name: 'Ana', slack: 'U01ANA', pagerduty: 'PANA001' },
      ben: { name: 'Ben', slack: 'U01BEN' },
      cleo: { name: 'Cleo', slack: 'U01CLEO' },
      dan: { name: 'Dan' },
    },
    roles: {
      'on-call': { people: ['ana'] },
      secondary: { people: ['ben'] },
      'incident-commander': { people: ['cleo', 'ben'] },
      database: { people: ['dan', 'ben'] },
    },
    escalation_policies: {
      critical: aPolicy([
        { after: 0, page: ['on-call'], notify: [] },
        { after: 5 * MINUTE, page: ['secondary'], notify: [], say: 'Look at the replica.' },
        { after: 15 * MINUTE, page: ['incident-commander', 'on-call'], notify: ['management'] },
      ]),
      standard: aPolicy([
        { after: 0, page: ['on-call'], notify: [] },
        { after: 30 * MINUTE, page: ['incident-commander'], notify: [] },
      ]),
      quiet: aPolicy([{ after: 0, page: [], notify: ['responders'] }]),
    },
    audiences: {
      responders: { slack: 'incident-channel', email: [], status_page: false },
      management: { slack: '#leadership', email: [], status_page: false },
      customers: { slack: '#customers', email: [], status_page: true, consent: 'incident-commander' },
    },
    services: {},
    alerts: [],
    contacts: {},
    runbooks: {},
    ...over,
  };
}

export function anIncident(over: Partial<Incident> = {}): Incident {
  return {
    id: 7,
    name: 'dr-7-power',
    title: 'Power lost',
    severity: 'P1',
    service: null,
    state: 'open',
    declared_by: 'slack:U01ANA',
    declared_at: T0,
    acknowledged_by: null,
    acknowledged_at: null,
    resolved_by: null,
    resolved_at: null,
    resolution: null,
    closed_at: null,
    reopened_at: null,
    resolved_ms: 0,
    merged_into: null,
    last_update: null,
    origin_channel: null,
    channel: 'C1',
    card_ts: null,
    ladder: 1,
    ladder_from: null,
    ladder_round: 0,
    unanswered_from: null,
    told: [],
    rto_said: null,
    cadence: 1,
    update_slot: 1,
    next_update_due: null,
    expected_at: null,
    expected_by: null,
    expected_said_at: null,
    expected_reason: null,
    chain_seq: 4,
    chain_hash: 'abc',
    chain_seal: '',
    ...over,
  };
}

export function anApproval(over: Partial<Approval> = {}): Approval {
  return {
    id: '3/consent/1',
    run_id: 3,
    step_id: 'consent',
    kind: 'approval',
    plan_digest: 'd1'.repeat(32),
    approvers: ['incident-commander'],
    min_approvals: 1,
    exclude_requester: true,
    require_comment: false,
    on_timeout: 'pause',
    expires_at: null,
    incident_id: 7,
    state: 'open',
    created_at: T0,
    ...over,
  };
}

/** Repeatable random numbers (mulberry32): a property that fails names the seed that makes it fail again. */
export function random(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: (share: number): boolean => next() < share,
    below: (limit: number): number => Math.floor(next() * limit),
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!,
    shuffled: <T>(items: readonly T[]): T[] =>
      items
        .map((item) => [next(), item] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, item]) => item),
  };
}
export type Random = ReturnType<typeof random>;

/** `count` steps in any order, each needing at most four that come before it in some hidden order. */
export function randomSteps(
  count: number,
  chance: Random,
  vary: (id: string, index: number) => Partial<PlanStep> = () => ({}),
): PlanStep[] {
  const steps = Array.from({ length: count }, (_, index) => {
    const links = index === 0 ? 0 : chance.below(5);
    const needs = new Set(Array.from({ length: links }, () => `s${chance.below(index)}`));
    return aStep(`s${index}`, { needs: [...needs], ...vary(`s${index}`, index) });
  });
  return chance.shuffled(steps);
}

/** Holders as a test wants them, as if a schedule had named them. */
export const heldBy = (people: Record<string, string[]>): RoleHolders =>
  Object.fromEntries(
    Object.entries(people).map(([role, names]) => [role, { people: names, source: 'schedule' as const }]),
  ) as unknown as RoleHolders;
