import { createActions } from '../actions/index.ts';
import type { Estate, HealthCheck } from '../domain/estate/model.ts';
import type { Outcome } from '../domain/effect/outcome.ts';
import { messageOf } from '../runtime/errors.ts';
import { findingOf, untried, type Finding } from './finding.ts';

/** These ask for nothing to be changed (RFC 9110, 9.2.1). */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Makes each check of each service once from this machine, but those that might change something. */
export async function examineChecks(estate: Estate | undefined): Promise<Finding[]> {
  const all = Object.entries(estate?.services ?? {}).flatMap(([id, { checks }]) =>
    checks.map((check) => ({ id, check })),
  );
  return Promise.all(all.map(({ id, check }) => examineCheck(`${id}, check ${check.id}`, check)));
}

async function examineCheck(about: string, check: HealthCheck): Promise<Finding> {
  if (check.uses === 'command') return untried(about, 'it runs a program');
  const method = check.with['method'];
  if (check.uses === 'http' && !(typeof method === 'string' && SAFE_METHODS.includes(method))) {
    return untried(about, `it sends ${JSON.stringify(method)}`);
  }
  const fix = 'start the service, or correct the check; a worker at another site may see it otherwise';
  return findingOf(about, await run(check), () => 'passes from here', fix);
}

async function run({ uses, with: input, timeout }: HealthCheck): Promise<Outcome<unknown>> {
  const actions = createActions();
  if (uses !== 'http' && uses !== 'tcp' && uses !== 'noop') return { kind: 'rejected', reason: `${uses} is no check` };
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${timeout} ms`)), timeout);
  try {
    return await actions[uses].run(input, { signal: limit.signal, output: () => undefined });
  } catch (error) {
    return { kind: 'rejected', reason: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
