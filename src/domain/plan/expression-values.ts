import { data } from '@actions/expressions';
import type { Json, JsonObject } from '../json.ts';

/*
 * JSON as the evaluator sees it: wrapped when it is read, never copied. The library's own dictionary ignores the case of
 * names and loses keys such as `constructor`; here a name is exactly itself.
 */

export class JsonDictionary extends data.Dictionary {
  readonly json: JsonObject;
  constructor(json: JsonObject) {
    super();
    this.json = json;
  }
  override get(key: string): data.ExpressionData | undefined {
    return Object.hasOwn(this.json, key) ? toData(this.json[key] ?? null) : undefined;
  }
  override values(): data.ExpressionData[] {
    return Object.values(this.json).map(toData);
  }
  override pairs(): { key: string; value: data.ExpressionData }[] {
    return Object.entries(this.json).map(([key, value]) => ({ key, value: toData(value) }));
  }
}

class JsonArray extends data.Array {
  readonly json: readonly Json[];
  constructor(json: readonly Json[]) {
    super();
    this.json = json;
  }
  override get(index: number): data.ExpressionData {
    return toData(this.json[index] ?? null);
  }
  override values(): data.ExpressionData[] {
    return this.json.map(toData);
  }
}

/** One wrapper for each value, since the library compares lists and maps by identity. */
const wrapped = new WeakMap<object, data.ExpressionData>();

export function toData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  const known = wrapped.get(value);
  if (known) return known;
  const made = Array.isArray(value) ? new JsonArray(value) : new JsonDictionary(value);
  wrapped.set(value, made);
  return made;
}

export function toJson(value: data.ExpressionData): Json {
  if (value instanceof JsonDictionary) return value.json;
  switch (value.kind) {
    case data.Kind.String:
    case data.Kind.Number:
    case data.Kind.Boolean:
      return value.value;
    case data.Kind.Array:
      return value.values().map(toJson);
    case data.Kind.Dictionary:
      return Object.fromEntries(value.pairs().map((pair) => [pair.key, toJson(pair.value)]));
    case data.Kind.Null:
      return null;
  }
}
