import type { Estate } from '../src/domain/estate/model.ts';
import { redactText } from '../src/runtime/redact.ts';
import type { IncidentFacts } from './facts.ts';
import { clockOf } from './incident-words.ts';
import { date, span, userLine } from './words.ts';

/**
 * When it shall be over: what somebody expects, else the objective, which is a target and no forecast. Says no span that
 * would be wrong a minute later.
 */
export function expected(
  { estate, incident, now }: IncidentFacts,
  name: (estate: Estate, actor: string) => string,
): { label: 'Target' | 'Expected by'; value: string } {
  const { rto, due, state } = clockOf(estate, incident, now);
  const { expected_at, expected_by, expected_said_at, expected_reason } = incident;
  if (incident.state === 'open' && expected_at !== null && expected_by !== null) {
    const said = expected_said_at === null ? '' : `, ${date(expected_said_at, '{time}')}`;
    const why = expected_reason === null ? '' : `: ${userLine(redactText(expected_reason), 300)}`;
    const past = expected_at < now ? ', which is past' : '';
    return {
      label: 'Expected by',
      value: `${date(expected_at)}${past} (said by ${name(estate, expected_by)}${said})${why}`,
    };
  }
  if (state === 'over') return { label: 'Target', value: `:warning: missed, was ${date(due)} (within ${span(rto)})` };
  return { label: 'Target', value: `within ${span(rto)}, by ${date(due)}` };
}
