import type { Json, JsonObject } from '../../../../src/domain/json.ts';

/** One request and its answer, secrets removed. `in`: the bot calls Slack; `out`: Slack calls the bot. */
export interface WireEntry {
  n: number;
  /** Milliseconds on the workspace's clock. */
  at: number;
  direction: 'in' | 'out';
  transport: 'http' | 'socket';
  /** The Web API method, or for `out` the kind: slash_commands, interactive, events_api. */
  method: string;
  /** The HTTP status; 0 when no answer was given. */
  status: number;
  ms: number;
  request: JsonObject;
  response: Json;
  fault?: string;
}

const keep = 5000;
const secretKey = /token|secret|authorization|signature|ticket|routing_key/i;
const secretText = /(xox[a-z]|xapp)-[\w-]+/g;

/** A copy in which tokens, keys, signatures and the secret part of response URLs are masked. */
export function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') {
    return value
      .replace(secretText, '$1-***')
      .replace(/([?&]ticket=)[\w-]+/g, '$1***')
      .replace(/(\/(?:actions|commands)\/[^/\s"]+\/)[\w-]+/g, '$1***');
  }
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secretKey.test(key) ? '***' : withoutSecrets(inner)]),
  );
}

const objectWithoutSecrets = (value: JsonObject): JsonObject => {
  const masked = withoutSecrets(value);
  return typeof masked === 'object' && masked !== null && !Array.isArray(masked) ? masked : {};
};

/** The record of the last 5000 requests in both directions. */
export class Wire {
  #entries: WireEntry[] = [];
  #count = 0;

  add(entry: Omit<WireEntry, 'n'>): WireEntry {
    this.#count += 1;
    const numbered = {
      ...entry,
      n: this.#count,
      request: objectWithoutSecrets(entry.request),
      response: withoutSecrets(entry.response),
    };
    this.#entries.push(numbered);
    if (this.#entries.length > keep) this.#entries.shift();
    return numbered;
  }

  list(filter: { method?: string; direction?: 'in' | 'out' } = {}): WireEntry[] {
    return this.#entries.filter(
      (entry) =>
        (filter.method === undefined || entry.method === filter.method) &&
        (filter.direction === undefined || entry.direction === filter.direction),
    );
  }

  clear(): void {
    this.#entries = [];
  }
}

/** The largest number of calls within any `windowMs` milliseconds; 2 or more in 1000 ms breaks Slack's pace. */
export function busiest(entries: WireEntry[], windowMs: number): number {
  const times = entries.map((entry) => entry.at).sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  times.forEach((time, last) => {
    while (time - (times[first] ?? time) >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  });
  return most;
}
