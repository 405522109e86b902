import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LifeboatError, messageOf } from './errors.ts';

const SEAL_KEY_FILE = 'anchor.key';
const KEY = /^[\x21-\x7e]{32,}$/;

/**
 * The keys that seal timelines, the signing one first: those configured, else the one in the home folder, which the
 * first start makes for all processes that share the folder. Throws a LifeboatError when it can be neither read nor made.
 */
export async function readSealKeys(configured: string[], home: string): Promise<[string, ...string[]]> {
  const [first, ...others] = configured;
  if (first !== undefined) return [first, ...others];
  const file = join(home, SEAL_KEY_FILE);
  try {
    return [await readKey(file)];
  } catch (error) {
    if (!isMissing(error)) throw unusable(file, error);
  }
  try {
    await mkdir(home, { recursive: true });
    await makeKey(file);
    return [await readKey(file)];
  } catch (error) {
    throw unusable(file, error);
  }
}

/** Written beside its place and linked there: of several first starts one wins, and nobody reads half a key. */
async function makeKey(file: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}

async function readKey(file: string): Promise<string> {
  const key = (await readFile(file, 'utf8')).trim();
  if (KEY.test(key)) return key;
  throw new Error('it holds no key of at least 32 characters');
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const unusable = (file: string, error: unknown): LifeboatError =>
  new LifeboatError(
    'invalid',
    `the key that seals timelines cannot be used: ${file}: ${messageOf(error)}`,
    'make LIFEBOAT_HOME writable for Lifeboat, or set LIFEBOAT_ANCHOR_KEY to the same 32 or more characters for every process (`openssl rand -hex 32`)',
    { cause: error },
  );
