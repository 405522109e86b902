import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { SlackRefusal } from './refusal.ts';

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a JSON value that is a string, number or boolean; else an empty string. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Length in characters (code points), as Slack counts its limits. */
export const characters = (text: string): number => Array.from(text).length;

/** Parses JSON text to a value of the closed JSON type; undefined when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The arguments of one Web API call: a JSON body, or a form whose nested values are JSON text. */
export class Args {
  readonly raw: JsonObject;
  constructor(raw: JsonObject) {
    this.raw = raw;
  }

  static parse(contentType: string, body: string, query: URLSearchParams): Args {
    const raw: JsonObject = Object.fromEntries(query);
    if (contentType.startsWith('application/json')) {
      const parsed = body === '' ? {} : parseJson(body);
      if (!isObject(parsed)) throw new SlackRefusal('invalid_json');
      return new Args({ ...raw, ...parsed });
    }
    return new Args({ ...raw, ...Object.fromEntries(new URLSearchParams(body)) });
  }

  has(name: string): boolean {
    return this.raw[name] !== undefined && this.raw[name] !== null;
  }

  str(name: string): string {
    return textOf(this.raw[name]);
  }

  flag(name: string): boolean {
    const value = this.raw[name];
    return value === true || value === 'true' || value === '1' || value === 1;
  }

  /** A count between 1 and `max`; `fallback` when it is not given. */
  count(name: string, fallback: number, max: number): number {
    if (!this.has(name) || this.str(name) === '') return fallback;
    const value = Number(this.str(name));
    if (!Number.isInteger(value) || value < 1) throw new SlackRefusal('invalid_limit');
    return Math.min(value, max);
  }

  /** A nested value, whether it came as JSON or as JSON text. */
  json(name: string): Json | undefined {
    const value = this.raw[name];
    return typeof value === 'string' ? parseJson(value) : value;
  }

  /** Whether an empty list or object was given, which means: remove it. */
  isEmpty(name: string): boolean {
    const value = this.json(name);
    return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
  }

  object(name: string, refusal: string): JsonObject {
    const value = this.json(name);
    if (!isObject(value)) throw new SlackRefusal(refusal);
    return value;
  }

  list(name: string): string[] {
    const value = this.json(name);
    const parts = Array.isArray(value) ? value.map(textOf) : this.str(name).split(',');
    return parts.map((part) => part.trim()).filter((part) => part !== '');
  }
}
