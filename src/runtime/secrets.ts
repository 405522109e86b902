import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LifeboatError, messageOf } from './errors.ts';

export interface SecretSources {
  /** Of LIFEBOAT_SECRET_NAME, by NAME. */
  variables: Readonly<Record<string, string>>;
  /** LIFEBOAT_SECRETS_DIR */
  directory: string | undefined;
}

/** Never a path out of the directory. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What `${{ secrets.NAME }}` means now: a variable, else a file of the directory, which is read each time so that a new
 * value counts. Throws a LifeboatError that says what is missing.
 */
export function readSecret({ variables, directory }: SecretSources, name: string): string {
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (variable !== undefined) return variable;
  const place = directory === undefined ? '' : ` or write the file ${name} in LIFEBOAT_SECRETS_DIR`;
  const missing = (why: string, cause?: unknown): LifeboatError =>
    new LifeboatError(
      'not_found',
      `the secret ${name} ${why}: set LIFEBOAT_SECRET_${name}${place} where this step runs`,
      undefined,
      { cause },
    );
  if (directory === undefined || !NAME.test(name)) throw missing('is not set');
  try {
    return readFileSync(join(directory, name), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw missing(`cannot be read (${messageOf(error)})`, error);
  }
}

/** Whether `readSecret` would find it. */
export function isReadable(sources: SecretSources, name: string): boolean {
  try {
    readSecret(sources, name);
    return true;
  } catch {
    return false;
  }
}
