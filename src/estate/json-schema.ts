import * as z from 'zod';
import { ACTIONS, actionNames } from '../domain/actions/index.ts';
import { estateSchema } from './schema-estate.ts';
import { runbookSchema } from './schema-runbook.ts';

/** A JSON Schema, as far as it is rebuilt here. */
interface Shape {
  [key: string]: unknown;
  properties?: Record<string, Shape>;
}

const SCHEMAS = { estate: estateSchema, runbook: runbookSchema };
export type FileKind = keyof typeof SCHEMAS;

/** JSON Schema (draft 7, which editors know best) of an estate or runbook file, made from the schemas that check them. */
export function jsonSchema(kind: FileKind): object {
  const title = kind === 'estate' ? "An estate of Lifeboat's" : "A runbook of Lifeboat's";
  const { $schema, ...shape } = convert(SCHEMAS[kind]);
  return { $schema, title, ...(forEditors(shape) as Shape) };
}

const convert = (schema: z.ZodType): Shape =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7' }) as Shape;

/** Ours beside what JSON Schema says: durations are not ISO 8601's, expressions stand for any value, `uses` decides on `with`. */
function forEditors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forEditors);
  if (typeof value !== 'object' || value === null) return value;
  const { expression, plainName, plainList, format, ...rest } = withoutUnicode(value as Shape);
  const shape = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, forEditors(item)])) as Shape;
  if (format === 'duration') return withoutNumbers({ ...shape, pattern: DURATION });
  const known: Shape = format === undefined ? shape : { ...shape, format };
  if (expression === true) return { description: known['description'], anyOf: [known, EXPRESSION] };
  if (typeof plainList === 'string') return orList(known, plainList);
  if (plainName === true) return { description: known['description'], anyOf: [{ type: 'string' }, known] };
  return isStep(known) ? { ...known, allOf: actionNames.map(withOf) } : known;
}

/** The map, or only the list that stands under one of its keys. */
const orList = (known: Shape, key: string): Shape => ({
  description: known['description'],
  anyOf: [known.properties?.[key] ?? {}, known],
});

const DURATION = String.raw`^\s*\d+\s*(ms|s|m|h|d)(\s*\d+\s*(ms|s|m|h|d))*\s*$`;
const EXPRESSION: Shape = { type: 'string', pattern: String.raw`\$\{\{` };

/** Editors read patterns without Unicode's classes, in which \p{L} means something else. */
function withoutUnicode({ pattern, ...shape }: Shape): Shape {
  return typeof pattern !== 'string' || pattern.includes(String.raw`\p{`) ? shape : { ...shape, pattern };
}

/** The default of a duration is in ms, which nobody may write. */
function withoutNumbers({ default: usual, ...shape }: Shape): Shape {
  return typeof usual === 'number' ? shape : { ...shape, ...(usual !== undefined && { default: usual }) };
}

const isStep = ({ properties }: Shape): boolean =>
  properties !== undefined && 'uses' in properties && 'with' in properties;

/** What may stand under `with` of one action; it may be left out where the action needs nothing. */
function withOf(name: keyof typeof ACTIONS): Shape {
  const { $schema: _, ...input } = convert(ACTIONS[name].schema);
  return {
    if: { properties: { uses: { const: name } }, required: ['uses'] },
    then: { properties: { with: forEditors(input) } },
  };
}
