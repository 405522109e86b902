import { patienceOf } from '../domain/escalation/ladder-end.ts';
import type { Estate, EscalationPolicy, HealthCheck, Service } from '../domain/estate/model.ts';
import { evaluate, ExpressionError } from '../domain/plan/expression.ts';
import type { JsonObject } from '../domain/json.ts';
import { parseCheck } from './parse-runbook.ts';
import type { Problem } from './problem.ts';
import { estateSchema, type RawEstate } from './schema-estate.ts';
import { checkShape } from './shape.ts';
import type { Path, Source } from './source.ts';

const CHECK_TIMEOUT = 10_000;

/** The estate that a file holds, without its runbooks, in the model's form; undefined after problems were added. Names are not looked up. */
export function parseEstate(source: Source, problems: Problem[]): Estate | undefined {
  const before = problems.length;
  const raw = checkShape(estateSchema, source.raw, source, [], problems);
  if (raw === undefined) return undefined;
  const services: [string, Service][] = Object.entries(raw.services).map(([id, service]) => {
    const checks = service.checks.map((check, index) =>
      parseHealthCheck(check, raw.sites, source, ['services', id, 'checks', index], problems),
    );
    return [id, { ...service, checks: checks.filter((check) => check !== undefined) }];
  });
  if (problems.length > before) return undefined;
  const { name, outsiders, sites, severities, people, roles, audiences, alerts, contacts } = raw;
  const escalation_policies = Object.fromEntries(Object.entries(raw.escalation_policies).map(parsePolicy));
  const { restore } = raw;
  const known = { name, outsiders, sites, severities, people, roles, escalation_policies, audiences, alerts, contacts };
  return {
    ...known,
    ...(restore !== undefined && { restore }),
    services: Object.fromEntries(services),
    runbooks: {},
  };
}

const parsePolicy = ([id, { levels, repeat }]: [string, RawEstate['escalation_policies'][string]]): [
  string,
  EscalationPolicy,
] => [id, { levels, repeat, patience: patienceOf(levels) }];

/** Where the runbooks of a file are, as far as it can be told from an estate that may be wrong elsewhere. */
export function runbookPatterns(raw: unknown): string[] {
  const value = typeof raw === 'object' && raw !== null && 'runbooks' in raw ? raw.runbooks : [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((pattern) => typeof pattern === 'string');
}

/** A check runs outside any run, so its expressions can only read the sites, and are replaced once, here. */
function parseHealthCheck(
  raw: RawEstate['services'][string]['checks'][number],
  sites: JsonObject,
  source: Source,
  path: Path,
  problems: Problem[],
): HealthCheck | undefined {
  const before = problems.length;
  const checked = parseCheck(raw, source, path, problems, CHECK_TIMEOUT);
  if (checked === undefined) return undefined;
  const values = readSites(checked.with, sites, source, [...path, 'with'], problems);
  const resolved = values && parseCheck({ ...raw, with: values }, source, path, problems, CHECK_TIMEOUT);
  if (resolved === undefined || problems.length > before) return undefined;
  const { id, every, failure_limit, of } = raw;
  return { id, every, failure_limit, ...(of !== undefined && { of }), ...resolved };
}

function readSites(
  value: JsonObject,
  sites: JsonObject,
  source: Source,
  path: Path,
  problems: Problem[],
): JsonObject | undefined {
  const entries: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    try {
      entries[key] = evaluate(item, { sites });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const rule = 'the checks of a service can read ${{ sites.name.key }} only';
      problems.push(source.problem([...path, key], { message: error.message, rule, fix: 'correct the path' }));
      return undefined;
    }
  }
  return entries;
}
