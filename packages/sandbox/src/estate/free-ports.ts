import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { Estate } from '../../../../src/domain/estate/model.ts';
import type { EstateFiles } from '../../../../src/installation.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { Control } from './control.ts';
import { placedServices, type Placed } from './tile.ts';

/** A port of the estate that something else on this machine has, and the one that takes its place. */
export interface MovedPort {
  service: string;
  name: string;
  site: string;
  from: number;
  to: number;
}

/** Systems give ports from here on to outgoing connections. */
const LAST_PORT = 32_767;
const STEP = 1000;

/**
 * Finds another port for each service whose own is taken by somebody else, such as a second sandbox. A service of ours
 * that still runs keeps the port that it listens on. `files` is where the services keep their state.
 */
export async function findMovedPorts(estate: Estate, files: string, control: Control): Promise<MovedPort[]> {
  const placed = placedServices(estate);
  const taken = new Set(placed.map(({ tile }) => tile.port));
  const moved: MovedPort[] = [];
  for (const { place, to } of await Promise.all(placed.map((each) => portOf(each, files, control)))) {
    const { tile, host } = place;
    const port = to ?? (await nextFree(host, tile.port, taken));
    taken.add(port);
    if (port !== tile.port) {
      moved.push({ service: tile.id, name: tile.name, site: tile.site, from: tile.port, to: port });
    }
  }
  return moved;
}

/** The port that a service has or can have; null when it needs another one. */
async function portOf(place: Placed, files: string, control: Control): Promise<{ place: Placed; to: number | null }> {
  const { tile, host, program } = place;
  if (existsSync(join(files, tile.site, `${tile.id}.pid`))) {
    const { running, port } = JSON.parse(await control(program, ['status', tile.site, tile.id, 'json'])) as {
      running: boolean;
      port: number | null;
    };
    if (running && port !== null) return { place, to: port };
  }
  return { place, to: (await isFree(host, tile.port)) ? tile.port : null };
}

async function nextFree(host: string, from: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = from + STEP; port <= LAST_PORT; port += STEP) {
    if (!taken.has(port) && (await isFree(host, port))) return port;
  }
  throw new SandboxError(
    `port ${from} on ${host} is taken, and so is every ${STEP}th port above it`,
    'end what listens there, or give the service another port in the estate file',
  );
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** Writes the estate with its moved ports into `folder`, and returns the new estate file. */
export async function writeMovedEstate(
  { main, files }: EstateFiles,
  moved: MovedPort[],
  folder: string,
): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const home = dirname(resolve(main));
  for (const [path, text] of Object.entries(files)) {
    const way = relative(home, resolve(path));
    if (way.startsWith('..')) {
      throw new SandboxError(
        `${moved.map(({ name, from }) => `port ${from} of ${name}`).join(', ')} is taken, and ${path} lies outside of ${home}`,
        'end what listens there, or give the service another port in the estate file',
      );
    }
    const file = join(folder, way);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, path === main ? withPorts(text, moved) : text);
  }
  return join(folder, relative(home, resolve(main)));
}

function withPorts(text: string, moved: MovedPort[]): string {
  const document = parseDocument(text);
  for (const { site, service, to } of moved) document.setIn(['sites', site, 'ports', service], to);
  return document.toString();
}

/** What whoever starts the sandbox should know of it. */
export const movedWords = (moved: MovedPort[], file: string): string =>
  moved.length === 0
    ? ''
    : [
        `Something else on this machine has ${moved.length === 1 ? 'a port' : `${moved.length} ports`} of the estate:`,
        ...moved.map(({ name, from, to }) => `  ${name} listens on ${to} instead of ${from}`),
        `This sandbox uses a copy of the estate with these ports, ${file}; changes to the original are seen at its next start.`,
        '',
      ].join('\n');
