import type { JsonObject } from '../../../../src/domain/json.ts';
import type { Answer, Carrier, DeliverOptions, DeliveryKind } from './delivery.ts';
import type { HttpSender } from './sender.ts';
import type { SocketHub } from './socket-mode.ts';

/** Slack repeats an event that was not answered with 2xx: at once, after one minute, after five minutes. */
const eventRetryDelaysMs = [0, 60_000, 300_000];

/** Chooses the way to the bot: its request URL when one is set, else one of its sockets. */
export class Dispatcher {
  eventRetryDelaysMs = eventRetryDelaysMs;
  readonly http: HttpSender;
  readonly hub: SocketHub;
  readonly #retries = new Set<NodeJS.Timeout>();
  #lastVia: Carrier | undefined;

  constructor(http: HttpSender, hub: SocketHub) {
    this.http = http;
    this.hub = hub;
  }

  async deliver(kind: DeliveryKind, payload: JsonObject, options: DeliverOptions = {}): Promise<Answer> {
    const way = options.via ?? (options.tamper || this.http.ready ? 'http' : 'socket');
    const carrier = way === 'http' ? this.http : this.hub;
    this.#lastVia = carrier;
    const answer = await carrier.deliver(kind, payload, options);
    if (kind === 'events_api' && answer.via === 'http' && (answer.status < 200 || answer.status >= 300)) {
      this.#retryLater(payload, options.retry?.num ?? 0, answer);
    }
    return answer;
  }

  /** Sends the last request again exactly as it was. */
  async replayLast(): Promise<Answer> {
    if (!this.#lastVia) throw new Error('Nothing was sent to the bot yet, so there is nothing to replay.');
    return this.#lastVia.replayLast();
  }

  close(): void {
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
  }

  #retryLater(payload: JsonObject, done: number, answer: Answer): void {
    const delay = this.eventRetryDelaysMs[done];
    if (delay === undefined) return;
    const reason =
      answer.error === 'operation_timeout' ? 'http_timeout' : answer.status > 0 ? 'http_error' : 'connection_failed';
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      void this.deliver('events_api', payload, { via: 'http', retry: { num: done + 1, reason } });
    }, delay).unref();
    this.#retries.add(timer);
  }
}
