import * as z from 'zod';
import { object, templated, text } from '../schema/fields.ts';
import { none, workerAction } from './definition.ts';

/** Connects to a port and closes the connection; it changes nothing. */
export const tcp = workerAction(
  object({
    host: templated(text).describe('Name or address'),
    port: templated(z.int().min(1).max(65_535)).describe('The port that must accept a connection'),
  }),
  none,
);
