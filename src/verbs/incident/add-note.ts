import type { Incident } from '../../domain/incident/incident.ts';
import { needShort, TEXT_LIMIT } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { changeIncident, type Request, type VerbDeps } from '../context.ts';

/** Puts a person's words into the timeline. */
export function addNote(deps: VerbDeps, request: Request, id: number, text: string): Promise<Incident> {
  if (text.trim() === '') throw new LifeboatError('invalid', 'the note is empty', '`/dr note what you saw or did`');
  needShort(text.trim(), 'the note', TEXT_LIMIT, 'write it as several notes');
  return changeIncident(deps, id, request, () => ({
    events: [{ kind: 'note.added', actor: request.actor, data: { text: text.trim() } }],
    effects: [],
  }));
}
