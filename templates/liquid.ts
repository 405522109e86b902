import { Liquid } from 'liquidjs';
import { escapeMrkdwn } from './blocks.ts';
import { Mrkdwn } from './words.ts';

const TAGS = ['if', 'unless', 'case', 'for', 'break', 'continue', 'comment', '#'];

/**
 * Liquid that knows only what messages need: no file access, no filters that could undo the escaping, bounded work,
 * and an error where a value is missing.
 */
export function createLiquid(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: escapeValue,
    parseLimit: 100_000,
    renderLimit: 1_000,
    memoryLimit: 10_000_000,
  });
  for (const filter of Object.keys(liquid.filters)) Reflect.deleteProperty(liquid.filters, filter);
  for (const tag of Object.keys(liquid.tags)) if (!TAGS.includes(tag)) Reflect.deleteProperty(liquid.tags, tag);
  return liquid;
}

function escapeValue(value: unknown): string {
  if (value instanceof Mrkdwn) return value.mrkdwn;
  if (typeof value === 'string' && value !== '') return escapeMrkdwn(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error('the value is missing');
}
