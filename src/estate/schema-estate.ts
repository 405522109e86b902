import * as z from 'zod';
import { ACTIONS } from '../domain/actions/index.ts';
import { SEVERITIES } from '../domain/estate/model.ts';
import {
  channel,
  choice,
  duration,
  durationOrZero,
  map,
  name,
  names,
  object,
  say,
  text,
} from '../domain/schema/fields.ts';
import { checkFields } from './schema-runbook.ts';
import { quote } from '../domain/schema/words.ts';

const file = text.describe('A path or a pattern such as runbooks/*.yaml, relative to the estate');
const files = z.union([file, z.array(file)], {
  error: ({ input }) =>
    input === undefined
      ? undefined
      : say({ message: `got ${quote(input)}`, rule: 'a path or a list of paths', fix: 'write runbooks/*.yaml' }),
});
const severityId = choice('severity', SEVERITIES);
const email = z.email({
  error: ({ input }) =>
    input === undefined
      ? undefined
      : say({ message: `got ${quote(input)}`, rule: 'an e-mail address', fix: 'write name@example.com' }),
});
const pattern = (expression: RegExp, rule: string, example: string) =>
  z.string().regex(expression, {
    error: ({ input }) => say({ message: `got ${quote(input)}`, rule, fix: `write for example ${example}` }),
  });

const siteSchema = z
  .object({
    role: text.describe('primary, standby or what your site is'),
    name: text.exactOptional().describe('For people'),
    capacity: pattern(/^\d+%$/, 'a capacity is a percentage of production', '50%')
      .exactOptional()
      .describe('Share of the production load that it can carry'),
    recovery_time: duration.exactOptional().describe('How long it takes to move there'),
  })
  .catchall(z.json());

const severitySchema = object({
  name: text.describe('The word for it, which people may type for it as well'),
  aliases: z
    .array(
      pattern(/^\p{L}[\p{L}\p{N}]*(?:[-_][\p{L}\p{N}]+)*$/u, 'an alias is one word: letters, digits, - and _', 'sev0'),
    )
    .exactOptional()
    .describe('Further words that people type for it'),
  rto: duration.describe('Restored after this time'),
  rpo: durationOrZero.exactOptional().describe('At most the data of this time is lost'),
  respond_within: duration.exactOptional().describe('Somebody has answered'),
  update_every: duration.describe('Pace of the status updates'),
  escalation: name.describe('An escalation policy'),
  audiences: names.describe('Who is told'),
});

const personSchema = object({
  name: text.describe('Full name'),
  slack: pattern(/^[UW][A-Z0-9]{2,}$/, 'a Slack user id is U or W and capitals or digits', 'U01ANA')
    .exactOptional()
    .describe('Slack user id'),
  email: email.exactOptional().describe('E-mail address'),
  phone: pattern(/^\+?[0-9][0-9 ()-]{3,}$/, 'a telephone number', '"+1-555-0101"')
    .exactOptional()
    .describe('Telephone number'),
  pagerduty: text.exactOptional().describe('PagerDuty user id'),
});

const roleSchema = object({
  name: text.exactOptional().describe('For people'),
  people: names.default([]).describe('Who holds the duty, in order; the fallback when there is a schedule'),
  pagerduty_schedule: text.exactOptional().describe('PagerDuty schedule that says who is on duty; it wins'),
});

const levelSchema = object({
  after: durationOrZero.describe('Time since the declaration'),
  page: names.default([]).describe('Roles to page'),
  notify: names.default([]).describe('Audiences to tell'),
  say: text.exactOptional().describe('What to do now'),
});

/** A number of times; more would be a policy that nobody ever takes part in. */
const MOST_REPEATS = 100;
const repeatRule = `a number of times from 0 to ${MOST_REPEATS}, or until_answered`;
const repeatSchema = z.union([z.int().min(0).max(MOST_REPEATS), z.literal('until_answered')], {
  error: ({ input }) => say({ message: `got ${quote(input)}`, rule: repeatRule, fix: 'write for example 2' }),
});

/** A plain list is a policy that says nothing but its levels. */
const policySchema = z
  .preprocess(
    (value) => (Array.isArray(value) ? { levels: value as unknown[] } : value),
    object({
      levels: z.array(levelSchema).min(1).describe('Whom to page when, in order'),
      repeat: repeatSchema
        .default(0)
        .describe('How often it begins again when nobody has answered after its last level, or until_answered'),
    }),
  )
  .meta({ plainList: 'levels' });

const audienceSchema = object({
  slack: channel('incident-channel').exactOptional().describe('incident-channel, "#name" or a channel id'),
  email: z.array(email).default([]).describe('Addresses'),
  status_page: z.boolean().default(false).describe('Shown on the status page'),
  consent: name.exactOptional().describe('The role that must agree before anything is sent'),
});

const dependencySchema = z
  .preprocess(
    (value) => (typeof value === 'string' ? { service: value } : value),
    object({
      service: name.describe('A service'),
      strength: choice('strength', ['strong', 'weak']).default('strong').describe('strong: cannot work without it'),
    }),
  )
  .meta({ plainName: true });

const healthCheckSchema = object({
  ...checkFields,
  id: name.describe('How it is named'),
  every: duration.default(10_000).describe('Pace; 10s without it'),
  failure_limit: z.int().min(1).default(3).describe('Failures in a row that count as down'),
  of: choice('of', ['service', 'data'])
    .exactOptional()
    .describe('What it looks at: a restart may mend the service, but no data'),
});

const serviceSchema = object({
  name: text.exactOptional().describe('For people'),
  tier: z.int().min(1).max(9).describe('1 is the most important'),
  rto: duration.describe('Restored after this time'),
  rpo: durationOrZero.describe('At most the data of this time is lost'),
  owner: name.describe('The role that looks after it'),
  method: text.exactOptional().describe('How it is recovered, in a word'),
  site: name.exactOptional().describe('Where it runs'),
  recovery_order: z.int().min(1).exactOptional().describe('Its place in the agreed order of recovery'),
  recovery_time: duration.exactOptional().describe('How long bringing it back takes'),
  depends_on: z
    .array(dependencySchema)
    .default([])
    .describe('Services that it needs; a plain name is a strong dependency'),
  checks: z.array(healthCheckSchema).default([]).describe('How to see that it works'),
  recover: name.exactOptional().describe('The runbook that brings it back'),
  restore: name.exactOptional().describe('The runbook that restores its data, offered when a check `of: data` fails'),
  auto_recover: z.boolean().default(false).describe('Recover without being asked'),
  on_failure: object({ declare: severityId.describe('The severity') })
    .exactOptional()
    .describe('Declare an incident when its checks fail'),
  approval: ACTIONS.approval.schema
    .exactOptional()
    .describe('Acting on it asks these people first, whatever runbook does it'),
});

const alertSchema = object({
  match: z.record(text, z.string()).describe('Labels that an alert must carry'),
  meaning: text.describe('What it says'),
  action: text.describe('What to do'),
  service: name.exactOptional().describe('The service concerned'),
  severity: severityId.exactOptional().describe('What to declare'),
  suggest: name.exactOptional().describe('A runbook to offer'),
});

const outsidersSchema = object({
  guests: z.boolean().default(false).describe('Guests of the workspace'),
  other_companies: z.boolean().default(false).describe('People of other companies, in shared channels'),
});

export const estateSchema = object({
  name: name.describe('The name of the estate'),
  outsiders: outsidersSchema
    .default({ guests: false, other_companies: false })
    .describe('Who besides members and `people` may declare and read how people are reached'),
  sites: map(siteSchema).describe('Places; further keys are yours, and `${{ sites.west.key }}` reads them'),
  severities: object({
    P0: severitySchema.describe('The worst'),
    P1: severitySchema.describe('High'),
    P2: severitySchema.describe('Medium'),
    P3: severitySchema.describe('The mildest'),
  }).describe('One table that drives clocks, pages, pace and audiences'),
  people: map(personSchema).describe('People'),
  roles: map(roleSchema).describe('Duties: who is paged, and who may be asked to agree'),
  escalation_policies: map(policySchema).describe('Whom to page when nobody answers; a plain list is its levels'),
  audiences: map(audienceSchema).describe('Who is kept informed, and where'),
  services: map(serviceSchema).describe('What is protected'),
  restore: name.exactOptional().describe('The runbook that restores data of services that name none'),
  alerts: z.array(alertSchema).default([]).describe('Incoming alerts: what they mean and what to do'),
  contacts: z.record(text, names.min(1)).default({}).describe('A problem and the roles to call'),
  runbooks: files.default([]).describe('Runbook files'),
  drills: files.default([]).describe('Drill files (not used yet)'),
  backups: z.array(z.json()).default([]).describe('Backups (not used yet)'),
});
export type RawEstate = z.output<typeof estateSchema>;
