import { setTimeout as pause } from 'node:timers/promises';
import type { Break, ServiceTile } from '../page/protocol.ts';
import { look, type Sight } from './look.ts';

/** After this time without an answer the page is told, in ms; the look itself goes on. */
const UNEASY_MS = 1200;

/** Keeps one service's tile: looks at it about every `everyMs`, and tells of each change but the milliseconds. */
export class Watch {
  tile: ServiceTile;
  readonly #remedies: { usual: string; corrupt: string };
  readonly #url: string;
  readonly #everyMs: number;
  readonly #onChange: (tile: ServiceTile) => void;
  #ended = false;
  /** Aborted to look again at once, or to end. */
  #wake = new AbortController();
  /** Grows with everything that is done to the service: a look that began before tells of the past. */
  #epoch = 0;
  /** The process that was broken: one with another id is a new one. */
  #brokenPid: number | null = null;

  constructor(
    tile: ServiceTile,
    remedies: { usual: string; corrupt: string },
    host: string,
    everyMs: number,
    onChange: (tile: ServiceTile) => void,
  ) {
    this.tile = tile;
    this.#remedies = remedies;
    this.#url = `http://${host}:${tile.port}/health`;
    this.#everyMs = everyMs;
    this.#onChange = onChange;
  }

  async run(): Promise<void> {
    while (!this.#ended) {
      const { signal } = this.#wake;
      await this.#look(signal);
      const rest = this.#everyMs * (0.9 + Math.random() * 0.2);
      await pause(rest, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#ended = true;
    this.#wake.abort();
  }

  /** Does something to the service, and looks again at once; what was seen meanwhile is forgotten. */
  async during<T>(act: () => Promise<T>, after: (result: T) => Partial<ServiceTile>): Promise<void> {
    this.#epoch += 1;
    try {
      const change = after(await act());
      if (change.broken !== undefined) this.#brokenPid = change.pid ?? this.tile.pid;
      this.#show(change);
    } finally {
      this.#epoch += 1;
      this.#wake.abort();
      this.#wake = new AbortController();
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const epoch = this.#epoch;
    const uneasy = setTimeout(() => {
      const { health } = this.tile;
      if (epoch === this.#epoch && (health === 'up' || health === 'unknown'))
        this.#show({ health: 'degraded', reason: 'no answer for more than a second' });
    }, UNEASY_MS);
    const sight = await look(this.#url, signal);
    clearTimeout(uneasy);
    if (epoch === this.#epoch && !signal.aborted) this.#take(sight);
  }

  #take(sight: Sight): void {
    const broken = this.#stillBroken(sight);
    const pid = sight.pid ?? (this.tile.pid !== null && isAlive(this.tile.pid) ? this.tile.pid : null);
    const reason = sight.refused && pid === null ? 'not running: connection refused' : sight.reason;
    const remedy = broken === 'corrupt' ? this.#remedies.corrupt : this.#remedies.usual;
    this.#show({ health: sight.health, reason, pid, broken, remedy });
  }

  #stillBroken({ health, status, pid }: Sight): Break | null {
    if (status === 'corrupt') return 'corrupt';
    const { broken } = this.tile;
    if (broken === null || health === 'up') return null;
    if (broken === 'corrupt') return status === 'ok' || status === 'degraded' ? null : broken;
    return pid !== null && pid !== this.#brokenPid ? null : broken;
  }

  #show(change: Partial<ServiceTile>): void {
    const before = this.tile;
    this.tile = { ...before, ...change };
    if (gist(before) !== gist(this.tile)) this.#onChange(this.tile);
  }
}

/** A tile without the milliseconds, which differ each time. */
const gist = (tile: ServiceTile): string =>
  JSON.stringify({ ...tile, reason: tile.reason.replace(/^healthy, \d+ ms$/, 'healthy') });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
