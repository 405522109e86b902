import { resolveHolders } from '../src/domain/estate/holders.ts';
import { planRunbook } from '../src/domain/plan/plan.ts';
import { planRecovery } from '../src/domain/plan/recovery-plan.ts';
import type { Plan } from '../src/domain/run/model.ts';
import { runbooksOf, servicesOf, takeNamed } from '../src/domain/estate/typed-names.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { planPreview, rolesAsked } from '../templates/plan-preview.ts';
import { requestRecovery } from '../src/verbs/run/request-recovery.ts';
import { startRun } from '../src/verbs/run/start-run.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { toYou, type Command } from './command.ts';
import { didYouMean, firstWord, needNamed, readAssignments, roomOf, severalFit } from './words.ts';
import { whichIncident } from './which-incident.ts';

export const plan: Command = {
  name: 'plan',
  aliases: ['preview'],
  group: 'Recovery',
  usage: '<service|runbook> [input=value…]',
  summary: 'Shows what a recovery would do, in which order, and who would be asked; nothing is run.',
  who: 'anyone',
  examples: ['plan authentication', 'plan restore-directory archive=/backups/full.tar.gz'],
  async run({ args }, deps) {
    const estate = deps.estate();
    const found = planFor(estate, args);
    const roles = rolesAsked(found);
    const holders = resolveHolders(estate, roles, [], await deps.schedules(estate, roles));
    const { text, blocks } = planPreview(found, estate, holders);
    return { kind: 'message', visible: 'you', text, ...(blocks && { blocks }) };
  },
};

function planFor(estate: Estate, args: string): Plan {
  const service = takeNamed(args, servicesOf(estate));
  if (service) return planRecovery(estate, needNamed(service.typed, 'service', servicesOf(estate)), {});
  const { name, rest } = takeRunbook(args, estate, 'service or runbook', Object.keys(estate.services));
  return planRunbook(estate, name, readAssignments(rest));
}

function takeRunbook(
  args: string,
  estate: Estate,
  what: string,
  others: string[] = [],
): { name: string; rest: string } {
  const found = takeNamed(args, runbooksOf(estate));
  const [name, ...more] = found?.ids ?? [];
  if (found && name !== undefined && more.length === 0) return { name, rest: found.rest };
  const [typed] = firstWord(args);
  if (name !== undefined) throw severalFit(typed, [name, ...more]);
  const known = [...others, ...Object.keys(estate.runbooks)];
  const missing = typed === '' ? `the ${what} is missing` : `there is no ${what} \`${typed}\``;
  throw new LifeboatError('not_found', missing, didYouMean(typed, known));
}

export const recover: Command = {
  name: 'recover',
  group: 'Recovery',
  usage: '<service> [anyway]',
  summary:
    'Looks at a service and what it needs, and recovers what is not healthy, in order. Of a healthy one it asks first.',
  who: 'responder',
  examples: ['recover api-gateway', 'recover api-gateway anyway'],
  async run(call, deps) {
    const incident = await whichIncident(call, deps);
    const known = servicesOf(deps.estate());
    const [, words = '', last = ''] = /^(.*?)\s*\b(anyway)?$/is.exec(call.args.trim()) ?? [];
    const anyway = last !== '';
    const service = words === '' ? incident.service : needNamed(words, 'service', known);
    if (service === null)
      throw new LifeboatError('invalid', 'the service is missing', `one of ${known.map(({ id }) => id).join(', ')}`);
    await requestRecovery(deps.verbs, call.request, incident.id, service, anyway);
    const then = anyway
      ? `The run starts by itself and is shown in ${roomOf(incident)}.`
      : `The run starts by itself and is shown in ${roomOf(incident)}; of a healthy service you are asked there first.`;
    return toYou(`Looking at ${service} and what it needs. ${then}`);
  },
};

export const run: Command = {
  name: 'run',
  group: 'Recovery',
  usage: '<runbook> [input=value…]',
  summary: 'Starts a runbook now. Approval is asked by its own steps.',
  who: 'responder',
  examples: ['run restart-process service=dashboard'],
  async run(call, deps) {
    const estate = deps.estate();
    const { name, rest } = takeRunbook(call.args, estate, 'runbook');
    const incident = await whichIncident(call, deps);
    const frozen = planRunbook(estate, name, readAssignments(rest));
    const started = await startRun(deps.verbs, call.request, incident.id, frozen);
    return toYou(
      `Run ${started.id} (${name}, ${frozen.steps.length} steps) has begun. It is shown in ${roomOf(incident)}.`,
    );
  },
};
