import { object } from '../schema/fields.ts';
import { none, workerAction } from './definition.ts';

/** Does nothing, for rehearsals and measurements. */
export const noop = workerAction(object({}), none);
