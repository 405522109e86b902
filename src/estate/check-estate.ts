import type { Estate } from '../domain/estate/model.ts';
import { sortGraph } from '../domain/plan/graph.ts';
import { checkPolicies } from './check-policies.ts';
import { checkSeverityWords } from './check-severity-words.ts';
import { checkApprovers, checkNames } from './names.ts';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';

/** Adds a problem for every name in the estate that leads nowhere, and for what contradicts itself. */
export function checkEstate(estate: Estate, source: Source, problems: Problem[]): void {
  checkPeople(estate, source, problems);
  checkSeverityWords(estate, source, problems);
  for (const [id, severity] of Object.entries(estate.severities)) {
    const path = ['severities', id];
    checkNames(
      'escalation policy',
      severity.escalation,
      estate.escalation_policies,
      source,
      [...path, 'escalation'],
      problems,
    );
    checkNames('audience', severity.audiences, estate.audiences, source, [...path, 'audiences'], problems);
  }
  checkPolicies(estate, source, problems);
  for (const [id, audience] of Object.entries(estate.audiences)) {
    checkNames('role', audience.consent, estate.roles, source, ['audiences', id, 'consent'], problems);
    if (audience.slack !== undefined || audience.email.length > 0 || audience.status_page) continue;
    const rule = 'an audience has slack, email or status_page';
    problems.push(
      source.problem(['audiences', id], { message: `nobody can be told: ${id} has no medium`, rule, fix: 'add one' }),
    );
  }
  checkServices(estate, source, problems);
  for (const [index, alert] of estate.alerts.entries()) {
    checkNames('service', alert.service, estate.services, source, ['alerts', index, 'service'], problems);
    checkNames('runbook', alert.suggest, estate.runbooks, source, ['alerts', index, 'suggest'], problems);
  }
  for (const [problem, roles] of Object.entries(estate.contacts)) {
    checkNames('role', roles, estate.roles, source, ['contacts', problem], problems);
  }
}

function checkPeople(estate: Estate, source: Source, problems: Problem[]): void {
  checkIds(estate, 'slack', 'Slack', source, problems);
  checkIds(estate, 'pagerduty', 'PagerDuty', source, problems);
  for (const [id, role] of Object.entries(estate.roles)) {
    checkNames('person', role.people, estate.people, source, ['roles', id, 'people'], problems);
    if (role.people.length > 0 || role.pagerduty_schedule !== undefined) continue;
    const rule = 'a role has people or a pagerduty_schedule';
    problems.push(
      source.problem(['roles', id], { message: `nobody holds the role ${id}`, rule, fix: 'name somebody' }),
    );
  }
}

/** Who acts is known by these ids, so two people with one of them could act as each other. */
function checkIds(
  { people }: Estate,
  key: 'slack' | 'pagerduty',
  service: string,
  source: Source,
  problems: Problem[],
): void {
  const owners = new Map<string, string>();
  for (const [id, person] of Object.entries(people)) {
    const value = person[key];
    if (value === undefined) continue;
    const other = owners.get(value);
    owners.set(value, other ?? id);
    if (other === undefined) continue;
    const [mine, theirs] = [id, other].map((each) => `${each} (${people[each]?.name ?? each})`);
    const words = {
      message: `${mine} has the ${service} id of ${theirs}, ${value}`,
      rule: `a ${service} id belongs to one person`,
      fix: 'correct one of the two',
    };
    problems.push(source.problem(['people', id, key], words));
  }
}

function checkServices(estate: Estate, source: Source, problems: Problem[]): void {
  checkNames('runbook', estate.restore, estate.runbooks, source, ['restore'], problems);
  for (const [id, service] of Object.entries(estate.services)) {
    const path = ['services', id];
    checkNames('role', service.owner, estate.roles, source, [...path, 'owner'], problems);
    checkNames('site', service.site, estate.sites, source, [...path, 'site'], problems);
    checkNames('runbook', service.recover, estate.runbooks, source, [...path, 'recover'], problems);
    checkNames('runbook', service.restore, estate.runbooks, source, [...path, 'restore'], problems);
    if (service.approval) checkApprovers(service.approval, estate, source, [...path, 'approval'], problems);
    for (const [index, { service: other }] of service.depends_on.entries()) {
      checkNames('service', other, estate.services, source, [...path, 'depends_on', index, 'service'], problems);
    }
    checkRecovery(estate, id, source, problems);
    const ids = service.checks.map((check) => check.id);
    for (const [index, check] of ids.entries()) {
      if (ids.indexOf(check) === index) continue;
      const words = {
        message: `two checks are called ${check}`,
        rule: 'the ids of the checks of a service differ',
        fix: 'rename one',
      };
      problems.push(source.problem([...path, 'checks', index, 'id'], words));
    }
    if (service.auto_recover && service.recover === undefined) {
      const words = {
        message: `${id} has auto_recover and no runbook`,
        rule: 'what recovers by itself names its runbook',
        fix: 'add recover:',
      };
      problems.push(source.problem(path, words, 'auto_recover'));
    }
  }
  const needs = Object.entries(estate.services).map(
    ([id, service]) => [id, service.depends_on.map((one) => one.service)] as const,
  );
  const sorted = sortGraph(new Map(needs));
  if (sorted.ok) return;
  const words = {
    message: `services depend on each other in a circle: ${sorted.cycle.join(' → ')}`,
    rule: 'there is a first service to recover',
    fix: 'take out one of these dependencies',
  };
  problems.push(source.problem(['services', sorted.cycle[0] ?? '', 'depends_on'], words));
}

/** Recovering a service gives its runbook the input `service` and nothing else. */
function checkRecovery(estate: Estate, id: string, source: Source, problems: Problem[]): void {
  const recover = estate.services[id]?.recover;
  if (recover === undefined || !Object.hasOwn(estate.runbooks, recover)) return;
  for (const [input, { default: usual }] of Object.entries(estate.runbooks[recover]?.inputs ?? {})) {
    if (input === 'service' || usual !== undefined) continue;
    const message = `${recover} cannot recover ${id}: nobody is asked for its input ${input}`;
    const rule = 'the runbook of a service has a default for every input but service';
    problems.push(source.problem(['services', id, 'recover'], { message, rule, fix: `give ${input} a default` }));
  }
}
