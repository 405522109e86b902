import { cardIntent, postIntent } from '../../domain/effect/intents.ts';
import { expectedAt, type Expectation } from '../../domain/incident/expectation.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { needReason } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

/** Records when a person expects it to be over, or that nobody can say any more; it is said in the channel and on the card. */
export function expectResolution(
  deps: VerbDeps,
  request: Request,
  id: number,
  { expected, reason }: { expected: Expectation; reason: string | null },
): Promise<Incident> {
  needReason(reason, 'the reason');
  return changeIncident(deps, id, request, ({ incident, now }) => {
    needOpen(incident, 'get an estimate');
    if (expected === 'withdrawn' && incident.expected_at === null)
      throw new LifeboatError('conflict', 'nobody has given an estimate', '`/dr eta 40m` gives one');
    const at = expected === 'withdrawn' ? null : expectedAt(expected, now);
    const version = `expected:${incident.chain_seq}`;
    return {
      incident: {
        ...{ expected_at: at, expected_by: request.actor, expected_said_at: now, expected_reason: reason },
      },
      events: [{ kind: 'incident.expected', actor: request.actor, data: { at: at?.toISOString() ?? null, reason } }],
      effects: [
        postIntent({
          ...{ incident: id, key: version, template: 'expected', to: 'incident' },
          params: { actor: request.actor, at: at?.toISOString() ?? null, reason },
        }),
        cardIntent(id, version),
      ],
    };
  });
}
