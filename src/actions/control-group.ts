import { readFileSync } from 'node:fs';
import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * Control groups (cgroup v2). A process cannot leave its group by itself, whatever it does with its session, parent and
 * environment. Lifeboat may make groups where its own is writable: as root, or under systemd with `Delegate=yes`.
 */

/** The folder of this process's own control group, or null where the system has no cgroup v2. */
export function ownGroup(): string | null {
  try {
    const path = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    // "36 35 0:31 <root> <mount point> rw,… - cgroup2 …"
    const mount = /^\S+ \S+ \S+ (\S+) (\S+) .* - cgroup2 /m.exec(readFileSync('/proc/self/mountinfo', 'utf8'));
    const [, root, point] = mount ?? [];
    if (path === undefined || root === undefined || point === undefined) return null;
    return join(point, root !== '/' && path.startsWith(root) ? path.slice(root.length) : path);
  } catch {
    return null;
  }
}

/** Makes a group within `parent`; null where that is not allowed. */
export async function makeGroup(parent: string, name: string): Promise<string | null> {
  const folder = join(parent, name);
  return mkdir(folder).then(
    () => folder,
    () => null,
  );
}

/** Moves a process into a group, which takes the kernel some 10 ms; says whether it did. */
export async function joinGroup(group: string, pid: number): Promise<boolean> {
  return writeFile(join(group, 'cgroup.procs'), String(pid)).then(
    () => true,
    () => false,
  );
}

/** Removes a group; one in which something still runs, such as a service that was started, stays. */
export const removeGroup = (group: string): Promise<void> => rmdir(group).catch(() => undefined);

/** Removes groups in `parent` in which nothing runs any more. */
export async function removeEmptyGroups(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  await Promise.all(names.filter((name) => name.startsWith(prefix)).map((name) => removeGroup(join(parent, name))));
}
