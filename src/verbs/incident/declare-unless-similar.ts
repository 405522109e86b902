import { sharedBy, similarTo, SIMILAR_MS } from '../../domain/incident/similar.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { transact } from '../../postgres/db.ts';
import { findIncident } from '../../store/incident/incidents.ts';
import { declaredWithin, findOffer, insertOffer, lockShared } from '../../store/incident/offers.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { alreadyTaken, type Request, type VerbDeps } from '../context.ts';
import { declareIn, declareIncident, readDeclaration, type DeclareInput } from './declare-incident.ts';

export type Declared =
  | { kind: 'declared'; incident: Incident }
  /** The same was declared moments ago. The words are kept under `offer` for whoever declares all the same. */
  | { kind: 'similar'; incident: Incident; offer: string };

/**
 * Declares, unless the same was declared within the last ten minutes and is open: same service, or a title that says the
 * same. Two who declare at the same moment see each other. Drills wake nobody, so they are declared at once. A repeat by the network gets the same answer.
 */
export function declareUnlessSimilar(deps: VerbDeps, request: Request, input: DeclareInput): Promise<Declared> {
  const estate = deps.estate();
  const read = readDeclaration(estate, input);
  if (input.mode === 'drill')
    return declareIncident(deps, request, input).then((incident) => ({ kind: 'declared', incident }));
  return transact(deps.pool, async (tx): Promise<Declared> => {
    if (!(await isFirst(tx, request.key, request.actor))) {
      const before = await findOffer(tx, request.key);
      const incident = before && (await findIncident(tx, before.similar_to));
      if (!before || !incident) throw alreadyTaken();
      return { kind: 'similar', incident, offer: before.key };
    }
    await lockShared(tx, sharedBy(estate, read));
    const incident = similarTo(estate, read, await declaredWithin(tx, SIMILAR_MS));
    if (incident === null) return { kind: 'declared', incident: await declareIn(tx, estate, request, read) };
    const { title, severity, service, channel, description = null } = read;
    const kept = { title, severity, service, channel, description };
    await insertOffer(tx, { key: request.key, actor: request.actor, similar_to: incident.id, input: kept });
    return { kind: 'similar', incident, offer: request.key };
  });
}

/** Declares what was held back, with the same words; pressed twice it is one declaration. */
export async function declareAllTheSame(deps: VerbDeps, actor: string, offer: string): Promise<Incident> {
  const found = await findOffer(deps.pool, offer);
  if (!found) {
    throw new LifeboatError(
      'not_found',
      'the words of this declaration are kept for a day, and that is over',
      'type it again: `/dr declare P1 what is broken`',
    );
  }
  return declareIncident(deps, { key: `${offer}:anyway`, actor }, found.input);
}
