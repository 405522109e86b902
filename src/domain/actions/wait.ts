import { duration, object } from '../schema/fields.ts';
import { limitOf, none } from './definition.ts';

/** Waits for a time. */
export const wait = {
  by: 'clock',
  schema: object({ duration: duration.describe('How long to wait') }),
  sideEffect: none,
  timeout: limitOf('duration'),
  check: false,
} as const;
