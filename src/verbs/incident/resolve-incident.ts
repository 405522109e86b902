import type { Incident } from '../../domain/incident/incident.ts';
import { close, refuseRed, resolve, type Proof } from '../../domain/incident/ending.ts';
import { needShort, TEXT_LIMIT } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { resolvePages } from '../../store/page/pages.ts';
import { liveRunsOf } from '../../store/run/runs.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

/**
 * Resolves an incident: clocks stop, pages are resolved, everyone who was told is told, with what the checks said right
 * before. Runs must be over first, and red checks need a reason.
 */
export function resolveIncident(
  deps: VerbDeps,
  request: Request,
  id: number,
  summary: string,
  proof?: Proof,
): Promise<Incident> {
  if (summary.trim() === '') {
    throw new LifeboatError('invalid', 'the summary is empty', '`/dr resolve what was wrong and how it was mended`');
  }
  needShort(summary.trim(), 'the summary', TEXT_LIMIT, 'write it shorter, and the rest with `/dr note`');
  return changeIncident(deps, id, request, async ({ tx, incident, now }) => {
    needOpen(incident, 'be resolved');
    const [live] = await liveRunsOf(tx, id);
    if (live) {
      throw new LifeboatError(
        'conflict',
        `run ${live.id} (${live.name}) is still ${live.state}`,
        'let it finish, or `/dr abort <reason>` first',
      );
    }
    if (proof) refuseRed(proof);
    const openPages = await resolvePages(tx, id);
    return resolve(
      deps.estate(),
      incident,
      { actor: request.actor, summary: summary.trim(), openPages, ...(proof && { proof }) },
      now,
    );
  });
}

/** Closes a resolved incident and archives its channel. */
export function closeIncident(deps: VerbDeps, request: Request, id: number): Promise<Incident> {
  return changeIncident(deps, id, request, ({ incident, now }) => {
    if (incident.state === 'closed') throw new LifeboatError('conflict', 'it is closed already');
    if (incident.state !== 'resolved') {
      throw new LifeboatError('conflict', 'it is not resolved yet', '`/dr resolve <summary>` first');
    }
    return close(incident, request.actor, now);
  });
}
