import { nextAttempt } from '../../domain/effect/backoff.ts';
import type { ClaimedRow, EffectResult } from '../../domain/effect/effect.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { OutcomeReport } from '../../domain/effect/report.ts';
import { databaseClock, type Tx } from '../../postgres/db.ts';
import { held, paceLane, settle, type Settlement } from '../../outbox/sql/effects.ts';
import { lockIncident } from '../../store/incident/incidents.ts';
import { persist } from '../../store/persist.ts';
import { transactInTurn, type VerbDeps } from '../context.ts';

/** How long to wait before looking whether an unknown send arrived, in ms: Slack's history lags behind its posts. */
const DOUBT_MS = 2000;

/** An outcome waits longer than a person for the other changes of its incident, in ms. */
const TURN_MS = 10_000;

/** Writes what became of an effect, and what that means for its incident, in one transaction; stale reports are dropped. */
export async function recordOutcome(deps: VerbDeps, report: OutcomeReport): Promise<Settlement['state'] | 'stale'> {
  const { effect, worker, outcome, pace_ms, meanwhile, after, failed = after } = report;
  const wanted = outcome.kind === 'done' ? after : (failed ?? meanwhile);
  const incident = wanted === undefined ? null : effect.incident_id;
  const record = async (tx: Tx): Promise<Settlement['state'] | 'stale'> => {
    const locked = incident === null ? null : await lockIncident(tx, incident);
    if ((await held(tx, [effect], worker)).size === 0) return 'stale';
    const settlement = judge(effect, outcome, locked?.now ?? (await databaseClock(tx)));
    // The pace comes first: what the settlement lets go next keeps it.
    const paced = report.paced_key ?? effect.ordering_key;
    if (isSent(outcome) && paced !== null && pace_ms > 0) await paceLane(tx, paced, pace_ms);
    await settle(tx, [settlement]);
    const decide = { pending: meanwhile, done: after, failed, unknown: failed, cancelled: undefined }[settlement.state];
    if (locked && decide) {
      await persist(tx, locked.incident, decide(locked.incident, locked.now), locked.now);
    }
    return settlement.state;
  };
  return transactInTurn(deps, incident === null ? [] : [incident], record, TURN_MS);
}

/** What was dropped took nothing of the other side's patience. */
const isSent = (outcome: Outcome<EffectResult>): boolean =>
  outcome.kind === 'done' && !(outcome.value !== null && 'skipped' in outcome.value);

function judge(effect: ClaimedRow, outcome: Outcome<EffectResult>, now: Date): Settlement {
  const base = { id: effect.id, due_at: null, doubtful: false, result: null, error: null };
  switch (outcome.kind) {
    case 'done':
      return { ...base, state: 'done', result: outcome.value };
    case 'rejected':
      return { ...base, state: 'failed', error: outcome.reason };
    case 'retry':
    case 'unknown': {
      const doubtful = outcome.kind === 'unknown';
      const due_at = nextAttempt(effect, doubtful ? DOUBT_MS : outcome.after_ms, now);
      const error = outcome.reason;
      if (due_at === null) return { ...base, state: doubtful ? 'unknown' : 'failed', doubtful, error };
      return { ...base, state: 'pending', due_at, doubtful, error };
    }
  }
}
