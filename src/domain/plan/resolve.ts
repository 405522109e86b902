import { LifeboatError } from '../../runtime/errors.ts';
import type { Estate, Service } from '../estate/model.ts';
import { evaluate, ExpressionError, formatPath, parseTemplate, type Path, type Segment } from './expression.ts';
import type { Json, JsonObject } from '../json.ts';

/** What expressions may read: the parts that are known when a plan is frozen. */
export function planContext(estate: Estate, inputs: JsonObject): JsonObject {
  const services = Object.fromEntries(Object.entries(estate.services).map(([name, each]) => [name, facts(name, each)]));
  return { inputs, sites: estate.sites, services, estate: { name: estate.name } };
}

function facts(name: string, { owner, tier, site }: Service): JsonObject {
  return { name, owner, tier, site: site ?? null };
}

/**
 * Replaces what is known now, so that the plan that people approve shows real hosts and arguments. What only a run
 * knows (`steps`, `incident`) stays an expression; `rename` gives a step its id in a plan of several services. Throws a
 * LifeboatError for a path that leads nowhere, and for data that would become an expression of its own.
 */
export function resolveExpressions(value: Json, context: JsonObject, rename: (step: string) => string): Json {
  if (typeof value === 'string') return freezeText(value, context, rename);
  if (Array.isArray(value)) return value.map((item) => resolveExpressions(item, context, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveExpressions(item, context, rename)]),
  );
}

function freezeText(text: string, context: JsonObject, rename: (step: string) => string): Json {
  const parts = parseTemplate(text).map((part) => ({
    source: 'text' in part ? part.text : `\${{ ${formatPath(part.path)} }}`,
    later: 'path' in part && !known(part.path, context) ? part.path : null,
  }));
  const open = parts.filter((part) => part.later !== null).length;
  const frozen =
    open === 0
      ? read(text, context)
      : parts
          .map(({ source, later }) =>
            later ? `\${{ ${formatPath(bind(later, context, rename))} }}` : asText(source, context),
          )
          .join('');
  if (expressionsIn(frozen) === open) return frozen;
  throw new LifeboatError(
    'invalid',
    `\`${text}\` would become \`${typeof frozen === 'string' ? frozen : JSON.stringify(frozen)}\`, which is an expression again`,
    'inputs, sites and services are data: take the `{{` out of the value',
  );
}

function read(text: string, context: JsonObject): Json {
  try {
    return evaluate(text, context);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new LifeboatError('invalid', error.message, 'check the inputs, or correct the runbook', { cause: error });
  }
}

function asText(text: string, context: JsonObject): string {
  const value = read(text, context);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function expressionsIn(value: Json): number {
  if (typeof value === 'string') return value.split('${{').length - 1;
  if (value === null || typeof value !== 'object') return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + expressionsIn(item), 0);
}

function known(path: Path, context: JsonObject): boolean {
  const [root] = path;
  if (!root || !('key' in root) || !Object.hasOwn(context, root.key)) return false;
  return path.every((segment) => 'key' in segment || known(segment.path, context));
}

/** A path for later, with its steps renamed and what is known of it put in: a run of several services has no inputs. */
function bind(path: Path, context: JsonObject, rename: (step: string) => string): Path {
  const [root] = path;
  const ofSteps = root !== undefined && 'key' in root && root.key === 'steps';
  return path.map((segment, index): Segment => {
    if ('key' in segment) return ofSteps && index === 1 ? { key: rename(String(segment.key)) } : segment;
    if (!known(segment.path, context)) return { path: bind(segment.path, context, rename) };
    const name = asText(`\${{ ${formatPath(segment.path)} }}`, context);
    if (!(name.includes("'") && name.includes('"'))) return { key: name };
    throw new LifeboatError('invalid', `\`${name}\` cannot name a value`, 'take the quotes out of it');
  });
}
