import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Estate } from '../../../../src/domain/estate/model.ts';
import { SandboxError, messageOf } from '../sandbox-error.ts';
import type { Log } from '../../../../src/runtime/log.ts';
import type { ServiceTile } from '../page/protocol.ts';
import { EXAMPLE_CONTROL } from '../paths.ts';
import type { Services } from '../world.ts';
import { createControl, type Control } from './control.ts';
import { EstateTiles } from './estate-tiles.ts';
import { findMovedPorts, type MovedPort } from './free-ports.ts';

export interface RunningServices extends Services {
  /** ERLMCP_HOME: where the services keep their files. */
  home: string;
  /** Starts them; what fails is told by the tiles and the log. */
  begin(): void;
  /** Stops the services; the next start brings back those that ran. */
  stop(): Promise<void>;
}

export interface ServicesOptions {
  /** The sandbox's folder. */
  home: string;
  /** What the control program inherits. */
  environment: Record<string, string>;
  log: Log;
}

/** The estate's services with a tile of each; they start when they are told to begin. */
export function openServices(estate: Estate, options: ServicesOptions): RunningServices {
  const changes = new EventEmitter<{ change: [ServiceTile] }>();
  const { tiles, home } = tilesOf(estate, options, (tile) => void changes.emit('change', tile));
  let started = Promise.resolve();
  return Object.assign(changes, {
    home,
    begin() {
      started = tiles.startAll().catch((error: unknown) => {
        options.log.error({ err: messageOf(error) }, 'services not started');
      });
    },
    list: () => tiles.tiles(),
    break: (service: string, how: Parameters<Services['break']>[1]) => tiles.break(service, how),
    mend: (service: string) => tiles.mend(service),
    async stop() {
      await started;
      await tiles.stopAll();
    },
  });
}

/** Stops whatever runs of an estate whose sandbox is gone. */
export async function stopServices(estate: Estate, options: ServicesOptions): Promise<void> {
  await tilesOf(estate, options, () => undefined).tiles.stopAll();
}

/** Services whose port somebody else has, each with another one. */
export function movePorts(estate: Estate, options: ServicesOptions): Promise<MovedPort[]> {
  const { files, control } = controlOf(options);
  return findMovedPorts(estate, files, control);
}

function controlOf({ home, environment }: Omit<ServicesOptions, 'log'>) {
  const files = join(home, 'erlmcp');
  mkdirSync(files, { recursive: true });
  return { files, control: onlyOurs(createControl({ ...environment, ERLMCP_HOME: files })) };
}

function tilesOf(estate: Estate, options: ServicesOptions, onChange: (tile: ServiceTile) => void) {
  const { files, control } = controlOf(options);
  const { log } = options;
  const tiles = new EstateTiles({ estate, control, memory: join(files, 'set-aside.json'), onChange, log });
  return { tiles, home: files };
}

/** An estate of somebody's own may name a program that stops real services: the sandbox never calls that one. */
function onlyOurs(control: Control): Control {
  return (program, args) => {
    if (resolve(program) === EXAMPLE_CONTROL) return control(program, args);
    return Promise.reject(
      new SandboxError(
        `${program} is not the sandbox's to call`,
        'the sandbox starts and breaks only what examples/erlmcp/ctl.mjs controls',
      ),
    );
  };
}
