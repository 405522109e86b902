import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';
import type { Change } from './protocol.ts';

const HEARTBEAT_MS = 15_000;
/** A page that takes nothing for so long has to begin anew, in bytes. */
const MAX_WAITING_BYTES = 8_388_608;

/** Sends each change to every open page, as server-sent events. */
export class ChangeStream {
  readonly #open = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;
  #count = 0;

  constructor(feed: Feed) {
    feed.on('change', (change) => this.#send(change));
    this.#heartbeat = setInterval(() => this.#write(':\n\n'), HEARTBEAT_MS).unref();
  }

  open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 500\n\n');
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#open) response.end();
    this.#open.clear();
  }

  #send(change: Change): void {
    if (this.#open.size === 0) return;
    this.#count += 1;
    this.#write(`id: ${this.#count}\ndata: ${JSON.stringify(change)}\n\n`);
  }

  #write(text: string): void {
    for (const response of this.#open) {
      if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
      else response.write(text);
    }
  }
}
