import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { characters, isObject, textOf } from './args.ts';

/** Collects what is wrong, in the wording of Slack: the rule and a JSON pointer. */
export class Problems {
  readonly list: string[] = [];

  add(rule: string, path: string): void {
    this.list.push(`${rule} [json-pointer:${path}]`);
  }

  /** A string of at most `max` characters (code points); missing is a problem only when `required`. */
  string(value: Json | undefined, path: string, max: number, required = false): void {
    if (value === undefined || value === null) {
      if (required) this.add(`missing required field: ${path.slice(path.lastIndexOf('/') + 1)}`, parent(path));
    } else if (typeof value !== 'string') this.add('must be a string', path);
    else if (characters(value) > max) this.add(`must be less than ${max + 1} characters`, path);
    else if (required && value === '') this.add('must be more than 0 characters', path);
  }

  /** An array of at most `max` objects; returns those that are objects. */
  items(value: Json | undefined, path: string, max: number, required = true): JsonObject[] {
    if (value === undefined || value === null) {
      if (required) this.add(`missing required field: ${path.slice(path.lastIndexOf('/') + 1)}`, parent(path));
      return [];
    }
    if (!Array.isArray(value)) {
      this.add('must be an array', path);
      return [];
    }
    if (required && value.length === 0) this.add('no fewer than 1 items required', path);
    if (value.length > max) this.add(`no more than ${max} items allowed`, path);
    value.forEach((item, n) => {
      if (!isObject(item)) this.add('must be an object', `${path}/${n}`);
    });
    return value.filter(isObject);
  }

  oneOf(value: Json | undefined, path: string, allowed: readonly string[]): void {
    if (value !== undefined && (typeof value !== 'string' || !allowed.includes(value))) {
      this.add(`must be one of: ${allowed.join(', ')}`, path);
    }
  }
}

const parent = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** A text object (plain_text or mrkdwn) of 1 to `max` characters. */
export function checkText(
  problems: Problems,
  value: Json | undefined,
  path: string,
  rule: { max: number; plainOnly?: boolean; required?: boolean },
): void {
  if (value === undefined || value === null) {
    if (rule.required ?? true)
      problems.add(`missing required field: ${path.slice(path.lastIndexOf('/') + 1)}`, parent(path));
    return;
  }
  if (!isObject(value)) {
    problems.add('must be an object', path);
    return;
  }
  const types = rule.plainOnly ? ['plain_text'] : ['plain_text', 'mrkdwn'];
  if (typeof value['type'] !== 'string' || !types.includes(value['type'])) {
    problems.add(`unsupported type: ${textOf(value['type'])}; must be ${types.join(' or ')}`, `${path}/type`);
  }
  problems.string(value['text'], `${path}/text`, rule.max, true);
  if (value['type'] === 'mrkdwn' && value['emoji'] !== undefined)
    problems.add('invalid additional property: emoji', path);
}
