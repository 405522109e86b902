import { REDACTED } from './redacted.ts';

const DEEPEST = 12;

/** Names, without case and punctuation, that hold a secret wherever they occur in a key. */
const SECRET_NAME =
  /token|secret|passw|passphrase|pgpass|authorization|cookie|(?:api|access|account|private|routing|integration|encryption|signing)key|credential|signature|responseurl/;
/** `pass` and `pwd` are words too, so they count as the last of several. */
const SECRET_END = /(?:[_-]|(?<=[a-z0-9])(?=P))(?:pass|pwd)$/i;

/** A copy of `value` as plain data, in which secret-named keys and secrets inside texts are replaced, at any depth. */
export function redactValue(value: unknown, text: (text: string) => string): unknown {
  return scrub(value, { text, above: new Set(), depth: 0 });
}

const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name.replace(/[^A-Za-z]/g, '').toLowerCase()) || SECRET_END.test(name);

interface Place {
  text: (text: string) => string;
  above: ReadonlySet<object>;
  depth: number;
}

function scrub(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return place.text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (place.above.has(value)) return '[circular]';
  if (place.depth >= DEEPEST) return '[too deep]';
  const below: Place = { ...place, above: new Set(place.above).add(value), depth: place.depth + 1 };
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return scrubError(value, below);
  if (value instanceof Map) return scrubEntries(value.entries(), below);
  if (value instanceof Set || Array.isArray(value)) return Array.from(value, (item: unknown) => scrub(item, below));
  return scrubEntries(Object.entries(value), below);
}

function scrubError(error: Error, place: Place): unknown {
  const own = scrubEntries(Object.entries(error), place);
  const cause = error.cause === undefined ? {} : { cause: scrub(error.cause, place) };
  const { name: type, message, stack = '' } = error;
  return { ...own, ...cause, type, message: place.text(message), stack: place.text(stack) };
}

function scrubEntries(entries: Iterable<[unknown, unknown]>, place: Place): Record<string, unknown> {
  const copy: [string, unknown][] = [];
  for (const [key, value] of entries) {
    const name = place.text(String(key));
    copy.push([name, isSecretName(name) && holdsSomething(value) ? REDACTED : scrub(value, place)]);
  }
  return Object.fromEntries(copy);
}

/** Absence and yes/no are worth knowing and give nothing away. */
const holdsSomething = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== '' && typeof value !== 'boolean';
