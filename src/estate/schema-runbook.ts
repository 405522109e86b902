import * as z from 'zod';
import { actionNames, checkNames } from '../domain/actions/index.ts';
import { choice, duration, durationOrZero, map, name, object, say, text } from '../domain/schema/fields.ts';
import { quote } from '../domain/schema/words.ts';

const action = choice('action', actionNames).describe('The action: ' + actionNames.join(', '));
const input = z.record(z.string(), z.json());

const stepId = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,79}$/, {
  error: (issue) =>
    say({
      message: `got ${quote(issue.input)}`,
      rule: 'a step id is letters, digits, - and _, and starts with a letter',
      fix: 'rename the step',
    }),
});

export const checkFields = {
  uses: choice('action', actionNames).meta({
    enum: [...checkNames],
    description: 'What looks, or acts',
  }),
  with: input.default({}).describe('What the action needs'),
  timeout: duration.exactOptional().describe('How long it may take; 60s without it, 10s for the checks of a service'),
};
const checkSchema = object(checkFields);

const retrySchema = object({
  max_attempts: z.int().min(1).max(100).default(1).describe('Tries in all; 1 is no repeat'),
  interval: duration.default(1000).describe('The pause before the second try; 1s without it'),
  backoff_factor: z.number().min(1).max(100).default(2).describe('Each further pause is longer by this factor'),
  max_interval: duration.default(60_000).describe('No pause is longer; 1m without it'),
});

const stepSchema = object({
  id: stepId.describe('How other steps and people name it'),
  name: text.exactOptional().describe('What it does, for people; the id without it'),
  uses: action,
  with: input.default({}).describe('What the action needs, see Actions'),
  needs: z.array(stepId).default([]).describe('Steps that must be over before'),
  side_effect: choice('side_effect', ['none', 'idempotent', 'once'])
    .exactOptional()
    .describe('What a repeat would do. Without it: none for http GET, HEAD and OPTIONS, tcp and noop, else once'),
  probe: checkSchema.exactOptional().describe('Says after an interruption whether the step had happened'),
  timeout: duration.exactOptional().describe('How long it may take; 60s without it'),
  retry: retrySchema.exactOptional().describe('How often it is tried; once without it'),
  on_failure: choice('on_failure', ['pause', 'fail', 'continue', 'rollback'])
    .default('pause')
    .describe('What happens to the run'),
  preconditions: z.array(checkSchema).exactOptional().describe('Must hold before it starts'),
  postconditions: z.array(checkSchema).exactOptional().describe('Must hold before it counts as done'),
  rollback: checkSchema.exactOptional().describe('Undoes it, in reverse order, when the run rolls back'),
  site: name.exactOptional().describe('The site whose worker runs it; any worker without it'),
  expected_duration: duration.exactOptional().describe('How long it usually takes, for predictions'),
});
export type RawStep = z.output<typeof stepSchema>;
export type RawCheck = z.output<typeof checkSchema>;

const inputSchema = object({
  type: choice('type', ['string', 'number', 'boolean', 'site', 'service']).describe('What may be given'),
  default: z.json().exactOptional().describe('Taken when nothing is given; without it the input must be given'),
  description: text.exactOptional().describe('For the person who starts it'),
});

export const runbookSchema = object({
  name: name.describe('How people start it'),
  description: text.describe('What it achieves, in one line'),
  objectives: object({
    rto: duration.exactOptional().describe('The service is back after this time'),
    rpo: durationOrZero.exactOptional().describe('At most the data of this time is lost'),
  })
    .exactOptional()
    .describe('What the procedure promises'),
  inputs: map(inputSchema).default({}).describe('What is asked when it starts'),
  locks: z
    .array(name)
    .default([])
    .describe(
      'What only one run may hold at a time, in the whole estate; the services that it acts on are locked without being named',
    ),
  steps: z.array(stepSchema).min(1).describe('The steps; those that do not need each other run side by side'),
  finally: z.array(stepSchema).default([]).describe('Steps that run at the end, however the run went'),
});
