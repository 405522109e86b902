import type { Json, JsonObject } from '../../../../../src/domain/json.ts';

/* Reads what a bot sent: JSON of any shape, in which what is missing or of another type counts as empty. */

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function textAt(from: JsonObject, key: string): string {
  const value = from[key];
  return typeof value === 'string' ? value : '';
}

export function numberAt(from: JsonObject, key: string): number | null {
  const value = from[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function objectAt(from: JsonObject, key: string): JsonObject | undefined {
  const value = from[key];
  return isObject(value) ? value : undefined;
}

/** The objects in a list; whatever else is in it is left out. */
export function objectsAt(from: JsonObject, key: string): JsonObject[] {
  const value = from[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function stringsAt(from: JsonObject, key: string): string[] {
  const value = from[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The words of a text object, such as a label. */
export const wordsAt = (from: JsonObject, key: string): string => textAt(objectAt(from, key) ?? {}, 'text');
