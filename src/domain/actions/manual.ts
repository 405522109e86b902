import { duration, line, object } from '../schema/fields.ts';
import { personAction } from './definition.ts';

/** Asks a person to do something and to press Done. */
export const manual = personAction(
  object({
    instructions: line.describe('What a person has to do before pressing Done'),
    timeout: duration.exactOptional().describe('How long the task stays open; without it, until it is done'),
  }),
);
