import * as z from 'zod';
import { choice, duration, names, object } from '../schema/fields.ts';
import { personAction } from './definition.ts';

/** Asks the people of some roles whether the plan may go on. */
export const approval = personAction(
  object({
    approvers: names.min(1).describe('Roles whose people may agree'),
    min_approvals: z.int().min(1).default(1).describe('How many people must agree'),
    exclude_requester: z.boolean().default(true).describe('Whoever started the run does not count'),
    timeout: duration.exactOptional().describe('How long the question stays open; without it, until it is answered'),
    on_timeout: choice('on_timeout', ['pause', 'fail']).default('pause').describe('What happens to the run then'),
    require_comment: z.boolean().default(false).describe('A decision needs a reason'),
  }),
);
