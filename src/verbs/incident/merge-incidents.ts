import type { Incident } from '../../domain/incident/incident.ts';
import { label } from '../../domain/incident/subject.ts';
import { mergeInto, refuseMerge } from '../../domain/incident/merge.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { whoActed } from '../../store/incident/people-of.ts';
import { resolvePages } from '../../store/page/pages.ts';
import { persistAll } from '../../store/persist.ts';
import { liveRunsOf } from '../../store/run/runs.ts';
import { deduplicate, lock, transactInTurn, type Request, type VerbDeps } from '../context.ts';

export interface Merged {
  from: Incident;
  into: Incident;
}

/** Ends one incident as the duplicate of another one: both change in one transaction. */
export function mergeIncidents(
  deps: VerbDeps,
  request: Request,
  { from, into }: { from: number; into: number },
): Promise<Merged> {
  return transactInTurn(deps, [from, into], async (tx) => {
    // In the order of their numbers, so that two merges the other way round never wait for each other.
    const first = await lock(tx, Math.min(from, into));
    const second = from === into ? first : await lock(tx, Math.max(from, into));
    const [duplicate, kept] = from < into ? [first.incident, second.incident] : [second.incident, first.incident];
    const { now } = second;
    await deduplicate(tx, request);
    refuseMerge(duplicate, kept);
    const [live] = await liveRunsOf(tx, from);
    if (live) {
      throw new LifeboatError(
        'conflict',
        `run ${live.id} (${live.name}) of ${label(from)} is still ${live.state}`,
        `let it finish or abort it with \`/dr abort ${label(from)} <reason>\`, or merge the other way round`,
      );
    }
    const people = await whoActed(tx, from);
    const openPages = await resolvePages(tx, from);
    const decided = mergeInto(deps.estate(), duplicate, kept, { actor: request.actor, openPages, people }, now);
    await persistAll(
      tx,
      [
        { incident: duplicate, decision: decided.from },
        { incident: kept, decision: decided.into },
      ],
      now,
    );
    return { from: duplicate, into: kept };
  });
}
