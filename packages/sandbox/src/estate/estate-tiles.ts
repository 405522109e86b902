import type { Estate } from '../../../../src/domain/estate/model.ts';
import { SandboxError, messageOf } from '../sandbox-error.ts';
import type { Log } from '../../../../src/runtime/log.ts';
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
    const left: SetAside = new Map();
    const begun = new Map<string, Promise<void>>();
    for (const [id, member] of this.#members) {
      const needs = member.tile.depends_on.map((need) => begun.get(need) ?? Promise.resolve());
      const start = Promise.all(needs).then(() => this.#begin(member, aside));
      // One that cannot start is not forgotten: its tile tells, the next start tries again, and the others go on.
      const failed = (): void => {
        if (aside.has(id)) left.set(id, aside.get(id) ?? null);
      };
      begun.set(id, this.#tellFailure(id, 'start', start, failed));
    }
    await Promise.all(begun.values());
    await (left.size === 0 ? clearSetAside(this.#options.memory) : writeSetAside(this.#options.memory, left));
    this.#watching = Promise.all([...this.#members.values()].map(({ watch }) => watch.run()));
  }

  /** Stops every service that runs; the next start brings exactly these back, as broken as they were. */
  async stopAll(): Promise<void> {
    await this.close();
    const running: [Member, Status][] = [];
    const look = async (member: Member): Promise<void> => {
      const status = readStatus(await this.#run(member, 'status', 'json'));
      if (status.running) running.push([member, status]);
    };
    // One whose state cannot be told must not keep the others running.
    const members = [...this.#members.values()];
    await Promise.all(members.map((member) => this.#tellFailure(member.id, 'status', look(member))));
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

  /** Breaks a service; throws a SandboxError when there is none of that name or it does not run. */
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

  async #begin(member: Member, aside: SetAside): Promise<void> {
    const { id, host, tile, watch } = member;
    await watch.during(
      async () => {
        const always = aside.has(id) ? ['always'] : [];
        const status = readStatus(await this.#run(member, 'resume', host, String(tile.port), ...always));
        const before = aside.get(id) ?? null;
        if (before === null || before === 'corrupt' || status.broken !== null) return status;
        await this.#run(member, 'break', before);
        return { ...status, broken: before };
      },
      ({ pid, broken }) => ({ pid, broken }),
    );
  }

  async #tellFailure(service: string, verb: string, done: Promise<unknown>, failed?: () => void): Promise<void> {
    try {
      await done;
    } catch (error) {
      failed?.();
      this.#options.log.warn({ service, verb, err: messageOf(error) }, 'a service of the estate did not obey');
    }
  }

  #run({ program, tile, id }: Member, verb: string, ...rest: string[]): Promise<string> {
    return this.#options.control(program, [verb, tile.site, id, ...rest]);
  }

  #member(service: string): Member {
    const member = this.#members.get(service);
    if (member) return member;
    throw new SandboxError(`no service ${service} runs here`, `there is ${[...this.#members.keys()].join(', ')}`);
  }
}

/** The last line that the control program printed. */
function readStatus(said: string): Status {
  const value: unknown = JSON.parse(said.split('\n').at(-1) ?? '');
  const { running, pid, broken } = { ...(value as object) } as Record<string, unknown>;
  return { running: running === true, pid: typeof pid === 'number' ? pid : null, broken: readBreak(broken) };
}
