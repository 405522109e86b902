import { randomBytes } from 'node:crypto';
import { open, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from './errors.ts';

/** A disk with less room than this counts as full, in bytes: PostgreSQL's next two log segments of 16 MB, and some. */
const LEAST_FREE = 64 * 1024 * 1024;
const PROBE = Buffer.alloc(4096, 'x');

/** Why nothing more can be kept in a folder, or null: it looks at the free space, and really writes a file there. */
export async function diskProblem(folder: string, least_free: number = LEAST_FREE): Promise<string | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < least_free)
      return `the disk of ${folder} is full: ${megabytes(free)} free, less than ${megabytes(least_free)}`;
    await writeProbe(join(folder, `.lifeboat-ready-${process.pid}-${randomBytes(3).toString('hex')}`));
    return null;
  } catch (error) {
    return `nothing can be written to ${folder} (${messageOf(error)})`;
  }
}

async function writeProbe(file: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(PROBE);
    await handle.datasync();
  } finally {
    await handle.close();
    await unlink(file);
  }
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;
