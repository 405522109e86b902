import { join } from 'node:path';
import type { Estate } from '../../src/domain/estate-model.ts';
import type { IncidentFacts } from '../../src/domain/facts.ts';
import { planRecovery } from '../../src/domain/recovery-plan.ts';
import type { StepRow } from '../../src/domain/run-model.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { ROOT } from '../../src/paths.ts';

/* An invented night at the example's estate: half an hour into an incident, a recovery waits for consent. */

const DECLARED = new Date('2026-11-20T03:14:00.000Z');
const at = (minutes: number): Date => new Date(DECLARED.getTime() + minutes * 60_000);

export async function exampleEstate(): Promise<Estate> {
  const loaded = await loadEstate(join(ROOT, 'examples/erlmcp/estate.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.estate;
}

export function exampleFacts(estate: Estate): IncidentFacts {
  const plan = planRecovery(estate, 'api-gateway', { authentication: 'unhealthy', 'api-gateway': 'unhealthy' });
  const consent = plan.steps.find(({ uses }) => uses === 'approval');
  if (!consent) throw new Error('the example has lost its consent step');
  const before = plan.steps.indexOf(consent);
  const run = {
    ...{ id: 3, incident_id: 12, plan_digest: plan.digest, name: plan.name, requested_by: 'slack:U01ANA' },
    ...{ state: 'running' as const, phase: 'main' as const, ending: null, reason: null },
    ...{ remaining: plan.steps.length - before, active: 1, started_at: at(14), finished_at: null },
  };
  const row = (step_id: string, ord: number, changes: Partial<StepRow>): StepRow => ({
    ...{ step_id, ord, phase: 'main', waiting: 0, attempt: 1, output: null, error: null },
    ...{ state: 'succeeded', started_at: at(14), finished_at: at(15), ...changes },
  });
  return {
    now: at(17),
    estate,
    incident: {
      ...{ id: 12, name: 'dr-12-primary-site-lost-power', title: 'Primary site lost power', severity: 'P0' },
      ...{ service: 'api-gateway', state: 'open', declared_by: 'slack:U01GITA', declared_at: DECLARED },
      ...{ acknowledged_by: 'slack:U01ANA', acknowledged_at: at(2), resolved_by: null, resolved_at: null },
      ...{ resolution: null, closed_at: null, last_update: 'Power is back in one hall. Log-ins work again.' },
      ...{ origin_channel: 'C0GENERAL', channel: 'C0INC12', card_ts: '1795144440.000100', ladder: 1, cadence: 1 },
      ...{ update_slot: 1, next_update_due: at(30), chain_seq: 9, chain_hash: 'f'.repeat(64) },
    },
    roles: [{ role: 'incident-commander', person: 'slack:U01CLEO', at: at(5) }],
    runs: [
      {
        run,
        plan,
        counts: { succeeded: before, waiting_approval: 1, pending: plan.steps.length - before - 1 },
        live: [row(consent.id, before, { state: 'waiting_approval', started_at: at(16), finished_at: null })],
        finished: plan.steps.slice(0, before).map(({ id }, index) => row(id, index, {})),
      },
    ],
    approvals: [
      {
        approval: {
          ...{ id: `3/${consent.id}/1`, run_id: 3, step_id: consent.id, kind: 'approval', plan_digest: plan.digest },
          ...{ approvers: ['incident-commander', 'technical-lead'], min_approvals: 1, exclude_requester: true },
          ...{ require_comment: false, on_timeout: 'pause', expires_at: at(26), incident_id: 12, state: 'open' },
          created_at: at(16),
        },
        votes: [],
        run,
        plan,
        place: { channel: 'C0INC12', ts: '1795145400.000200' },
      },
    ],
    pages: [
      {
        ...{ dedup_key: 'lifeboat/erlmcp/nf7hzvpc/INC-12/1.0/on-call', ladder: 1, level: 0, role: 'on-call' },
        ...{ people: ['ana', 'ben'], say: null, state: 'acknowledged' },
      },
    ],
    deliveries: { pending: 0, failed: 0, unknown: 0 },
  };
}
