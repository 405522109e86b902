import { abortRun, mayHold, pauseRun, resumeRun, retryStep, skipStep, type Unbegun } from '../../domain/run/control.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import { personOf } from '../../domain/estate/people.ts';
import type { Run } from '../../domain/run/model.ts';
import type { RunView } from '../../domain/run/view.ts';
import { needReason } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { holdUnbegun } from '../../outbox/sql/hold-unbegun.ts';
import { liveRunsOf } from '../../store/run/runs.ts';
import { deduplicate, lock, transactContinuing, type Request, type VerbDeps } from '../context.ts';
import { loadWhole, persistViews, runIn } from './run-views.ts';

export type Control =
  | { kind: 'pause'; reason: string }
  | { kind: 'resume'; reason: string | null }
  | { kind: 'retry' | 'skip'; step: string | null; reason: string }
  | { kind: 'abort'; reason: string };

/** What a person does to a run by hand; every override is recorded with its reason. */
export async function controlRun(
  deps: VerbDeps,
  request: Request,
  incident: number,
  run: number | null,
  control: Control,
): Promise<Run> {
  if (personOf(deps.estate(), request.actor) === null) {
    throw new LifeboatError('forbidden', 'only people of the estate may steer a run', 'ask a responder');
  }
  if (control.kind !== 'resume' && control.reason.trim() === '') {
    throw new LifeboatError('invalid', `\`${control.kind}\` needs a reason`, `\`/dr ${control.kind} <reason>\``);
  }
  needReason(control.reason);
  return transactContinuing(deps, incident, async (tx, continuing) => {
    const { incident: locked, now } = await lock(tx, incident);
    await deduplicate(tx, request);
    const found = await runIn(tx, incident, await liveRunsOf(tx, incident), run);
    const view = await loadWhole(tx, found, now);
    const held = control.kind === 'pause' && mayPause(view) ? await holdUnbegun(tx, found.id) : [];
    apply(view, request.actor, control, held);
    await persistViews(tx, locked, [view], NOTHING, now, continuing);
    return view.run;
  });
}

/** What no worker has begun is taken from the queue in the transaction that pauses the run. */
const mayPause = ({ run }: RunView): boolean => run.state === 'running' && mayHold(run);

function apply(view: RunView, actor: string, control: Control, held: Unbegun[]): void {
  switch (control.kind) {
    case 'pause':
      return pauseRun(view, actor, control.reason, held);
    case 'resume':
      return resumeRun(view, actor, control.reason);
    case 'retry':
      return retryStep(view, actor, control.step, control.reason);
    case 'skip':
      return skipStep(view, actor, control.step, control.reason);
    case 'abort':
      return abortRun(view, actor, control.reason);
  }
}
