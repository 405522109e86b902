import { z } from 'zod';
import type { ClaimedEffect } from '../src/domain/effect.ts';

/** Reads an effect's payload; a payload that does not fit is a defect and fails loudly. */
export function payload<Shape extends z.ZodRawShape>(effect: Pick<ClaimedEffect, 'payload'>, shape: Shape) {
  return z.object(shape).parse(effect.payload);
}
