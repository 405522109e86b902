export const REDACTED = '[redacted]';

const DEEPEST = 12;

/** Names, without case and punctuation, that hold a secret wherever they occur in a key. */
const SECRET_NAME =
  /token|secret|passw|passphrase|pgpass|authorization|cookie|apikey|accesskey|privatekey|routingkey|integrationkey|encryptionkey|credential|signature|responseurl/;

const NAMED =
  '(?:token|secret|passw(?:or)?d|passphrase|authorization|cookie|api[_-]?key|access[_-]?key|private[_-]?key|routing[_-]?key|integration[_-]?key|signature)';

/** Each shape of secret that is known by sight; every repetition is bounded, so a hostile line costs linear time. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]{0,16384}?-----END [A-Z ]{0,20}PRIVATE KEY-----/g, REDACTED],
  [/\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{4,512}/g, REDACTED], // Slack
  [/(hooks\.slack(?:-gov)?\.com\/[a-z]{1,20}\/)[\w/-]{1,512}/gi, `$1${REDACTED}`], // Slack's webhook and response URLs
  [/\b(Token\s{1,4}token\s{0,4}=\s{0,4})["']?[^\s"',;]{1,512}/gi, `$1${REDACTED}`], // PagerDuty REST
  [/\bu\+[\w-]{16,64}/g, REDACTED], // PagerDuty user token
  [/\bpd(?:us|eu)\+[\w-]{8,512}/g, REDACTED], // PagerDuty OAuth
  [/\bR[0-9A-Z]{31}\b/g, REDACTED], // PagerDuty routing key
  [/\b(Bearer|Basic)(\s{1,4})[A-Za-z0-9._~+/=-]{6,8192}/gi, `$1$2${REDACTED}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED], // AWS
  [/\b(?:gh[a-z]_|github_pat_|glpat-)[\w-]{16,512}/g, REDACTED],
  [/\beyJ[\w-]{8,4096}\.[\w-]{4,8192}\.[\w-]{0,1024}/g, REDACTED], // JSON web token
  [/(:\/\/[^\s/?#:@"'<>]{0,256}:)(?!\d{1,5}(?:[/?#]|$))[^\s"'<>]{1,512}@/g, `$1${REDACTED}@`], // user:password@host
  // The value may be quoted, quoted inside a JSON string, or bare.
  [
    new RegExp(
      `(${NAMED}[\\w-]{0,32}\\\\{0,3}["']?\\s{0,8}[=:]\\s{0,8})(?:"(?:[^"\\\\]|\\\\.){0,4096}"|'[^']{0,4096}'|\\\\{1,3}"[^"]{0,4096}"|[^\\s,;&"'})\\]]{1,4096})`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [new RegExp(`(--?[\\w-]{0,32}${NAMED}[\\w-]{0,32}\\s{1,8})[^\\s-]\\S{0,4096}`, 'gi'), `$1${REDACTED}`],
];

/** Takes secrets out of text: those in `secrets` wherever they stand, and everything that looks like a known kind. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of spellings(secrets)) clean = clean.replaceAll(secret, REDACTED);
  for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
  return clean;
}

/** A copy of `value` as plain data, in which secret-named keys and secrets inside texts are replaced, at any depth. */
export function redact(value: unknown, secrets: readonly string[] = []): unknown {
  return scrub(value, { secrets, above: new Set(), depth: 0 });
}

const isSecretName = (name: string): boolean => SECRET_NAME.test(name.replace(/[^A-Za-z]/g, '').toLowerCase());

interface Place {
  secrets: readonly string[];
  above: ReadonlySet<object>;
  depth: number;
}

function scrub(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return redactText(value, place.secrets);
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
  return {
    ...own,
    ...cause,
    type: error.name,
    message: redactText(error.message, place.secrets),
    stack: redactText(error.stack ?? '', place.secrets),
  };
}

function scrubEntries(entries: Iterable<[unknown, unknown]>, place: Place): Record<string, unknown> {
  const copy: [string, unknown][] = [];
  for (const [key, value] of entries) {
    const name = redactText(String(key), place.secrets);
    copy.push([name, isSecretName(name) && holdsSomething(value) ? REDACTED : scrub(value, place)]);
  }
  return Object.fromEntries(copy);
}

/** Absence and yes/no are worth knowing and give nothing away. */
const holdsSomething = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== '' && typeof value !== 'boolean';

/** Longest first, so that a secret that begins with another one leaves no tail; too short ones would eat words. */
function spellings(secrets: readonly string[]): string[] {
  const all = secrets.filter((secret) => secret.length >= 4).flatMap((s) => [s, encodeURIComponent(s)]);
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}
