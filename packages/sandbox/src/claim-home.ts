import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxError } from './sandbox-error.ts';
import { isAlive, startMark } from '@lifeboat/embedded-postgres/process-identity';

/** Makes the sandbox's folder this process's own; returns its release. Throws while another process has it. */
export function claimHome(home: string): () => void {
  const file = join(home, 'sandbox.pid');
  const owner = ownerOf(file);
  if (owner !== undefined && owner !== process.pid) {
    throw new SandboxError(
      `a sandbox runs already with ${home}, as process ${owner}`,
      'stop that one first, or set LIFEBOAT_HOME to another folder',
    );
  }
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid} ${startMark(process.pid) ?? ''}`);
  renameSync(draft, file); // whoever reads it sees all of it
  return () => rmSync(file, { force: true });
}

/** The live process that the file names; one that is gone, or another with its number, is none. */
function ownerOf(file: string): number | undefined {
  try {
    const [pid = '', mark = ''] = readFileSync(file, 'utf8').split(' ');
    const alive = Number(pid) > 0 && isAlive(Number(pid)) && (startMark(Number(pid)) ?? '') === mark;
    return alive ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}
