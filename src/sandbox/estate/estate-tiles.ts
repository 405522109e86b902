import type { Estate } from '../../domain/estate-model.ts';
import { nearestName } from '../../domain/nearest.ts';
import { LifeboatError, messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Break, ServiceTile } from '../page/protocol.ts';
import type { Control } from './control.ts';
import { clearSetAside, readBreak, readSetAside, writeSetAside, type SetAside } from './set-aside.ts';
import { placedServices, type Placed } from './tile.ts';
import { Watch } from './watch.ts';

export interface EstateTilesOptions {
  estate: Estate;
  control: Control;
  /** A file of ours, in a folder that exists: which services a clean stop stopped. */
  memory: string;
  onChange: (tile: ServiceTile) => void;
  log: Log;
  /** Between two looks at a service, in ms; a second without it. */
  everyMs?: number;
}

interface Member extends Placed {
  id: string;
  watch: Watch;
}

interface Status {
  running: boolean;
  pid: number | null;
  /** It was started once, so that it is known where it listens. */
  known: boolean;
  /** It was stopped on purpose; otherwise its process ended by itself. */
  stopped: boolean;
  broken: Break | null;
}

/** Runs the estate's services on this machine, breaks and mends them, and keeps a tile of each for the page. */
export class EstateTiles {
  readonly #options: EstateTilesOptions;
  readonly #members: Map<string, Member>;
  #watching: Promise<unknown> = Promise.resolve();

  constructor(options: EstateTilesOptions) {
    const { estate, everyMs = 1000, onChange } = options;
    this.#options = options;
    const members = placedServices(estate).map((placed): [string, Member] => {
      const { tile, host, remedies } = placed;
      return [tile.id, { ...placed, id: tile.id, watch: new Watch(tile, remedies, host, everyMs, onChange) }];
    });
    this.#members = new Map(members);
  }

  /** Each service after those that it needs. */
  tiles(): ServiceTile[] {
    return [...this.#members.values()].map(({ watch }) => watch.tile);
  }

  /**
   * Starts what was never started, what a clean stop stopped and what ended by itself, each after its needs, and begins
   * to watch. What runs, and what somebody stopped or killed on purpose, is left as it is, broken or not.
   */
  async startAll(): Promise<void> {
    const aside = await readSetAside(this.#options.memory);
    const begun = new Map<string, Promise<void>>();
    const statuses = new Map([...this.#members.values()].map((member) => [member.id, this.#status(member)]));
    for (const [id, member] of this.#members) {
      const needs = member.tile.depends_on.map((need) => begun.get(need));
      const start = Promise.all([statuses.get(id) ?? this.#status(member), ...needs]).then(([now]) =>
        this.#begin(member, now, aside),
      );
      // Of one that cannot start its tile tells; the others start all the same.
      begun.set(id, this.#tellFailure(id, 'start', start));
    }
    await Promise.all(begun.values());
    await clearSetAside(this.#options.memory);
    this.#watching = Promise.all([...this.#members.values()].map(({ watch }) => watch.run()));
  }

  /** Stops every service that runs; the next start brings exactly these back, as broken as they were. */
  async stopAll(): Promise<void> {
    await this.close();
    const members = [...this.#members.values()];
    const statuses = await Promise.all(members.map(async (member) => [member, await this.#status(member)] as const));
    const running = statuses.filter(([, { running: runs }]) => runs);
    const aside = await readSetAside(this.#options.memory);
    for (const [{ id }, { broken }] of running) aside.set(id, broken);
    await writeSetAside(this.#options.memory, aside);
    await Promise.all(running.map(([member]) => this.#tellFailure(member.id, 'stop', this.#run(member, 'stop'))));
  }

  /** Ends the watching and leaves the services alone. */
  async close(): Promise<void> {
    for (const { watch } of this.#members.values()) watch.stop();
    await this.#watching;
  }

  /** Breaks a service; throws a LifeboatError when there is none of that name or it does not run. */
  async break(service: string, how: Break): Promise<void> {
    const member = this.#member(service);
    const { usual, corrupt } = member.remedies;
    await member.watch.during(
      () => this.#run(member, 'break', how),
      () => ({ broken: how, remedy: how === 'corrupt' ? corrupt : usual }),
    );
  }

  /** Takes every break of a service back, without Lifeboat. */
  async mend(service: string): Promise<void> {
    const member = this.#member(service);
    await member.watch.during(
      () => this.#run(member, 'mend'),
      () => ({ broken: null, remedy: member.remedies.usual }),
    );
  }

  async #begin(member: Member, status: Status, aside: SetAside): Promise<void> {
    const { id, host, tile, watch } = member;
    const resting = aside.has(id) || !status.known || !(status.stopped || status.broken === 'kill');
    await watch.during(
      async () => {
        if (status.running || !resting) return status;
        await this.#run(member, 'start', host, String(tile.port));
        const broken = aside.get(id) ?? null;
        if (broken !== null && broken !== 'kill' && broken !== 'corrupt') await this.#run(member, 'break', broken);
        return this.#status(member);
      },
      ({ pid, broken }) => ({ pid, broken }),
    );
  }

  async #tellFailure(service: string, verb: string, done: Promise<unknown>): Promise<void> {
    try {
      await done;
    } catch (error) {
      this.#options.log.warn({ service, verb, err: messageOf(error) }, 'a service of the estate did not obey');
    }
  }

  async #status(member: Member): Promise<Status> {
    const value: unknown = JSON.parse(await this.#run(member, 'status', 'json'));
    const { running, pid, known, stopped, broken } = { ...(value as object) } as Record<string, unknown>;
    return {
      ...{ running: running === true, known: known === true, stopped: stopped === true },
      ...{ pid: typeof pid === 'number' ? pid : null, broken: readBreak(broken) },
    };
  }

  #run({ program, tile, id }: Member, verb: string, ...rest: string[]): Promise<string> {
    return this.#options.control(program, [verb, tile.site, id, ...rest]);
  }

  #member(service: string): Member {
    const member = this.#members.get(service);
    if (member) return member;
    const near = nearestName(service, [...this.#members.keys()]);
    const fix = near === undefined ? undefined : `did you mean ${near}?`;
    throw new LifeboatError('not_found', `no service ${service} runs here`, fix);
  }
}
