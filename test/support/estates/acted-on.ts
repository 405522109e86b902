type Keys = Record<string, string>;

const under = (path: string, keys: Keys): Keys =>
  Object.fromEntries(Object.entries(keys).map(([key, file]) => [`${path}.${key}`, file]));

const ENGINE = 'src/domain/run/engine.ts';
const RECOVERY = 'src/domain/plan/recovery-plan.ts';
const ADVICE = 'src/domain/plan/advise-recovery.ts';
const ESCALATION = 'src/domain/escalation/escalation.ts';
const GUARD = 'src/domain/plan/guard.ts';
const STEP = 'jobs/step-run.ts';
const CHECK: Keys = { uses: STEP, with: STEP, timeout: STEP };

const step: Keys = {
  id: ENGINE,
  name: 'src/domain/plan/describe-step.ts',
  uses: ENGINE,
  with: ENGINE,
  needs: 'src/domain/plan/graph.ts',
  side_effect: ENGINE,
  timeout: STEP,
  on_failure: ENGINE,
  site: 'src/domain/run/begin.ts',
  expected_duration: 'templates/plan-preview.ts',
  ...under('retry', { max_attempts: ENGINE, interval: ENGINE, backoff_factor: ENGINE, max_interval: ENGINE }),
  ...under('probe', CHECK),
  ...under('rollback', CHECK),
  ...under('preconditions.*', CHECK),
  ...under('postconditions.*', CHECK),
};

/** For each key of an estate and of a runbook a file that acts on it; the last word of the key stands there. */
export const ACTED_ON: Record<'estate' | 'runbook', Keys> = {
  estate: {
    name: 'src/domain/plan/resolve.ts',
    ...under('outsiders', { guests: 'commands/member.ts', other_companies: 'commands/member.ts' }),
    ...under('severities.*', {
      name: 'templates/context.ts',
      aliases: 'src/domain/estate/typed-severity.ts',
      rto: 'src/domain/incident/incident.ts',
      update_every: 'src/verbs/incident/fire-cadence.ts',
      escalation: ESCALATION,
      audiences: 'src/domain/incident/decisions.ts',
    }),
    ...under('people.*', {
      name: 'templates/people.ts',
      slack: 'src/domain/estate/people.ts',
      email: 'src/domain/estate/people.ts',
      phone: 'templates/people.ts',
      pagerduty: 'src/domain/estate/people.ts',
    }),
    ...under('roles.*', {
      name: 'templates/people-words.ts',
      people: 'src/domain/estate/holders.ts',
      pagerduty_schedule: 'src/domain/estate/holders.ts',
    }),
    'escalation_policies.*.repeat': 'src/domain/escalation/ladder-end.ts',
    ...under('escalation_policies.*.levels.*', {
      after: ESCALATION,
      page: ESCALATION,
      notify: ESCALATION,
      say: ESCALATION,
    }),
    ...under('escalation_policies.*.*', {
      after: ESCALATION,
      page: ESCALATION,
      notify: ESCALATION,
      say: ESCALATION,
    }),
    'audiences.*.slack': ESCALATION,
    ...under('services.*', {
      name: 'src/domain/plan/resolve.ts',
      tier: 'commands/estate.ts',
      rto: RECOVERY,
      rpo: 'templates/plan-preview.ts',
      owner: 'src/domain/incident/decisions.ts',
      site: 'src/domain/plan/resolve.ts',
      recover: RECOVERY,
      restore: ADVICE,
      ...under('depends_on.*', { service: RECOVERY, strength: RECOVERY }),
      ...under('checks.*', { id: RECOVERY, of: ADVICE, ...CHECK }),
      ...under('approval', {
        approvers: GUARD,
        min_approvals: GUARD,
        exclude_requester: GUARD,
        require_comment: GUARD,
        timeout: GUARD,
        on_timeout: ENGINE,
      }),
    }),
    contacts: 'templates/people.ts',
    runbooks: 'src/estate/load.ts',
    restore: ADVICE,
  },
  runbook: {
    name: 'src/domain/plan/plan.ts',
    description: 'src/domain/plan/plan.ts',
    ...under('objectives', { rto: 'src/domain/plan/plan.ts', rpo: 'templates/plan-preview.ts' }),
    ...under('inputs.*', { type: 'src/domain/plan/plan-inputs.ts', default: 'src/domain/plan/plan-inputs.ts' }),
    locks: 'src/domain/plan/plan.ts',
    ...under('steps.*', step),
    ...under('finally.*', step),
  },
};

/** Facts of a site act where an expression reads them, under whatever name. */
export const READ_BY_EXPRESSIONS = ['role', 'name', 'capacity', 'recovery_time'].map((key) => `sites.*.${key}`);
