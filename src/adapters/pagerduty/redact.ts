export type Redact = (text: string) => string;

/** Makes a function that replaces each of the secrets in a text; blank secrets are ignored. */
export function redactor(secrets: string[]): Redact {
  const known = [...new Set(secrets)].filter((secret) => secret.trim() !== '').sort((a, b) => b.length - a.length);
  return (text) => known.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}
