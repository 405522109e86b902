import { REDACTED } from './redacted.ts';

/** Replaces every occurrence of one kind of secret. */
export type Shape = (text: string) => string;

/** What a variable, flag or key is called whose value is a secret; `pass` is also a word, and `PWD=/` a folder. */
const NAME =
  '(?:token|secret|passw(?:or)?d|passphrase|pgpass|authorization|cookie|(?:api|access|account|private|routing|integration|encryption|signing)[_-]?key|credential|signature|pass(?![A-Za-z])(?<=[A-Za-z0-9][_-]pass)|pass(?==)(?<![A-Za-z]pass)|pwd(?<!\\b(?:OLD)?PWD(?==/)))';

/** Quoted, quoted inside a JSON string, bare, or quoted without an end: a text may be cut anywhere. */
const VALUE = `(?:"(?:[^"\\\\]|\\\\.){0,4096}"|'[^']{0,4096}'|\\\\{1,3}"[^"]{0,4096}"|[^\\s,;&"'})\\]]+|["'][^\\s"']+)`;

/*
 * Hostile text must cost linear time. So what follows the beginning of a shape is either sure to match, which uses it
 * up, or of bounded length, or begins only where its run of characters begins (the lookbehinds).
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{4,}/g, REDACTED], // Slack
  [/(hooks\.slack(?:-gov)?\.com\/[a-z]{1,20}\/)[\w/-]+/gi, `$1${REDACTED}`], // Slack's webhook and response URLs
  [/\b(Token\s{1,4}token\s{0,4}=\s{0,4})["']?[^\s"',;]+/gi, `$1${REDACTED}`], // PagerDuty REST
  [/\bu\+[\w-]{16,}/g, REDACTED], // PagerDuty user token
  [/\bpd(?:us|eu)\+[\w-]{8,}/g, REDACTED], // PagerDuty OAuth
  [/\bR[0-9A-Z]{31}\b/g, REDACTED], // PagerDuty routing key
  [/\b(Bearer|Basic)(\s{1,4})[A-Za-z0-9._~+/=-]{6,}/gi, `$1$2${REDACTED}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED], // AWS
  [/\b(?:gh[a-z]_|github_pat_|glpat-|npm_|pypi-|dop_v1_|ATATT)[\w-]{16,}/g, REDACTED], // GitHub, GitLab, npm, PyPI, …
  [/\b(?:[srp]k_(?:live|test)_|whsec_)\w{8,}/g, REDACTED], // Stripe
  [/\bsk-[\w-]{20,}/g, REDACTED], // OpenAI, Anthropic
  [/\bAIza[\w-]{30,}/g, REDACTED], // Google
  [/\bya29\.[\w-]{20,}/g, REDACTED], // Google OAuth
  [/\bSG\.[\w-]{8,}\.[\w-]{8,}/g, REDACTED], // SendGrid
  [/\bhv[sb]\.[\w-]{20,}/g, REDACTED], // Vault
  [/\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/g, REDACTED],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, REDACTED], // JSON web token
  [
    new RegExp(`(${NAME}[\\w-]{0,32}\\\\{0,3}["']?\\s{0,8}[=:]\\s{0,8})(?!\\[redacted\\])${VALUE}`, 'gi'),
    `$1${REDACTED}`,
  ],
];

const SECRET_FLAG = new RegExp(NAME, 'i');

export const SHAPES: readonly Shape[] = [
  ...PATTERNS.map(
    ([pattern, instead]): Shape =>
      (text) =>
        text.replace(pattern, instead),
  ),
  (text) => (text.includes('://') ? text.replace(/:\/\/[^\s"'<>]+/g, withoutPassword) : text),
  (text) =>
    text.replace(/(?<![\w-])(--?[\w-]+)(\s{1,8})([^\s-]\S*)/g, (all, flag: string, space: string) =>
      SECRET_FLAG.test(flag) ? `${flag}${space}${REDACTED}` : all,
    ),
  flagWithPassword,
];

/** An address from its `://` on: the password of `user:password@host` may hold anything, a port is none. */
function withoutPassword(address: string): string {
  const at = address.lastIndexOf('@');
  for (let from = 0; from !== -1 && from < at; from = address.indexOf('://', from + 3)) {
    const user = /^[^/?#:@]*:(?!\d{1,5}(?:[/?#]|$))/.exec(address.slice(from + 3, at));
    if (user) return `${address.slice(0, from + 3)}${user[0]}${REDACTED}${address.slice(at)}`;
  }
  return address;
}

/** `-ppassword`, as MySQL's programs and sshpass take it; other programs mean a port, or begin a longer flag so. */
function flagWithPassword(text: string): string {
  if (!text.includes('-p')) return text;
  const always = /mysql|mariadb|sshpass/i.test(text);
  return text.replace(/(?<![^\s"'=])-p([^\s"']+)/g, (all, rest: string) =>
    !/^[\d.:/-]/.test(rest) && (always || looksLikePassword(rest)) ? `-p${REDACTED}` : all,
  );
}

const looksLikePassword = (rest: string): boolean =>
  rest.startsWith('pass') || (rest.length >= 6 && /^[A-Za-z][^=:/]*$/.test(rest) && /\d/.test(rest));
