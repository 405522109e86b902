import { LifeboatError } from '../../runtime/errors.ts';
import type { Estate, Input, Runbook } from '../estate/model.ts';
import { hasExpression } from './expression.ts';
import { nearestName } from '../nearest.ts';
import type { Json, JsonObject } from '../json.ts';

/** The runbook's inputs with the given texts read by their types; throws a LifeboatError naming the first bad one. */
export function readInputs(estate: Estate, runbook: Runbook, given: Record<string, string>): JsonObject {
  const names = Object.keys(runbook.inputs);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const known = names.length > 0 ? `its inputs: ${names.join(', ')}` : 'it takes none';
    throw new LifeboatError('invalid', `runbook \`${runbook.name}\` has no input \`${name}\``, known);
  }
  const missing = names.filter((name) => given[name] === undefined && runbook.inputs[name]?.default === undefined);
  if (missing.length > 0) {
    throw new LifeboatError(
      'invalid',
      `runbook \`${runbook.name}\` needs the input${missing.length > 1 ? 's' : ''} ${missing.map((name) => `\`${name}\``).join(', ')}`,
      `add ${missing.map((name) => `\`${name}=<${runbook.inputs[name]?.type ?? ''}>\``).join(' ')}`,
    );
  }
  return Object.fromEntries(
    Object.entries(runbook.inputs).map(([name, input]) => [name, readInput(estate, name, input, given[name])]),
  );
}

function readInput(estate: Estate, name: string, input: Input, text: string | undefined): Json {
  if (text === undefined) return input.default ?? null;
  // What a person types is data: an expression in it must not be read when the plan is.
  if (hasExpression(text)) throw bad(name, text, 'text without `${{`');
  switch (input.type) {
    case 'string':
      return text;
    case 'number':
      if (text.trim() === '' || !Number.isFinite(Number(text))) throw bad(name, text, 'a number');
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw bad(name, text, '`true` or `false`');
      return text === 'true';
    case 'site':
      if (!Object.hasOwn(estate.sites, text)) throw bad(name, text, oneOf('a site', text, estate.sites));
      return text;
    case 'service':
      if (!Object.hasOwn(estate.services, text)) throw bad(name, text, oneOf('a service', text, estate.services));
      return text;
  }
}

function oneOf(what: string, text: string, known: object): string {
  const near = nearestName(text, Object.keys(known));
  return near === undefined ? `${what}: ${Object.keys(known).join(', ')}` : `${what}; did you mean \`${near}\`?`;
}

function bad(name: string, text: string, wanted: string): LifeboatError {
  return new LifeboatError('invalid', `input \`${name}\` is \`${text}\``, `it must be ${wanted}`);
}
