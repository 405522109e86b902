import type { Estate, Service } from './estate-model.ts';
import { evaluate, formatPath, parseTemplate, type Path, type TemplatePart } from './expression.ts';
import type { Json, JsonObject } from './json.ts';

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
 * knows (`steps`, `incident`) stays an expression; `rename` gives a step its id in a plan of several services.
 */
export function freeze(value: Json, context: JsonObject, rename: (step: string) => string): Json {
  if (typeof value === 'string') return freezeText(value, context, rename);
  if (Array.isArray(value)) return value.map((item) => freeze(item, context, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, freeze(item, context, rename)]));
}

function freezeText(text: string, context: JsonObject, rename: (step: string) => string): Json {
  const parts = parseTemplate(text);
  if (parts.every((part) => 'text' in part || known(part.path, context))) return evaluate(text, context);
  return parts.map((part) => freezePart(part, context, rename)).join('');
}

function freezePart(part: TemplatePart, context: JsonObject, rename: (step: string) => string): string {
  if ('text' in part) return part.text;
  const source = `\${{ ${formatPath(part.path)} }}`;
  if (!known(part.path, context)) return `\${{ ${formatPath(renamed(part.path, rename))} }}`;
  const value = evaluate(source, context);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function known(path: Path, context: JsonObject): boolean {
  const [root] = path;
  if (!root || !('key' in root) || !Object.hasOwn(context, root.key)) return false;
  return path.every((segment) => 'key' in segment || known(segment.path, context));
}

function renamed(path: Path, rename: (step: string) => string): Path {
  return path.map((segment, index) => {
    if ('path' in segment) return { path: renamed(segment.path, rename) };
    const root = path[0];
    const isStep = index === 1 && root && 'key' in root && root.key === 'steps';
    return isStep ? { key: rename(String(segment.key)) } : segment;
  });
}
