import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { isObject, parseJson, textOf } from './args.ts';
import { type Answer, answerLimitMs, type Carrier, type DeliveryKind } from './delivery.ts';
import type { Team } from './team.ts';
import type { Wire } from './wire.ts';

/** Slack: at most ten open connections for an app. */
const maxSockets = 10;
/** Slack re-sends an unacknowledged event; the number of tries is that of the Events API. */
const maxAttempts = 3;
const pingEveryMs = 10_000;

interface Pending {
  kind: DeliveryKind;
  payload: JsonObject;
  attempt: number;
  started: number;
  timer: NodeJS.Timeout | undefined;
  settle(answer: Answer): void;
}

/** The Socket Mode end of Slack: hands each envelope to exactly one of the bot's open sockets. */
export class SocketHub implements Carrier {
  /** How long an envelope may stay unacknowledged before it is sent again; about 4000 ms was seen at Slack. */
  ackTimeoutMs = 4000;
  /** Slack re-sends events only; `all` re-sends commands and presses too, to try a bot's deduplication. */
  redeliver: 'events' | 'all' | 'none' = 'events';
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #sockets: WebSocket[] = [];
  /** Sockets that were asked to go: they get nothing more while another one is open. */
  readonly #leaving = new WeakSet<WebSocket>();
  readonly #pending = new Map<string, Pending>();
  #last: { id: string; pending: Pending } | undefined;
  #turn = 0;
  #pinger: NodeJS.Timeout;
  #team: Team;
  #wire: Wire;

  constructor(team: Team, wire: Wire) {
    this.#team = team;
    this.#wire = wire;
    this.#pinger = setInterval(() => this.#open().forEach((socket) => socket.ping()), pingEveryMs).unref();
  }

  get ready(): boolean {
    return this.#open().length > 0;
  }

  /** How many sockets the bot has open. */
  get size(): number {
    return this.#open().length;
  }

  /** A one-time URL, as apps.connections.open returns it. */
  issueUrl(host: string): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `ws://${host}/link/?ticket=${ticket}&app_id=${this.#team.state.app_id}`;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (open) => this.#welcome(open));
  }

  async deliver(kind: DeliveryKind, payload: JsonObject): Promise<Answer> {
    return this.#dispatch(randomUUID(), kind, payload, 0);
  }

  /** Sends the last envelope again under the same envelope_id, as Slack does after a lost acknowledgement. */
  async replayLast(): Promise<Answer> {
    if (!this.#last) throw new Error('Nothing was sent over a socket yet, so there is nothing to replay.');
    const { id, pending } = this.#last;
    return this.#dispatch(id, pending.kind, pending.payload, 1);
  }

  /** Asks the sockets to reconnect: `warning` comes about ten seconds ahead of `refresh_requested`. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled', count = Infinity): void {
    for (const socket of this.#open().slice(0, count)) {
      if (reason !== 'warning') this.#leaving.add(socket);
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
    }
  }

  /** Cuts every socket without a close frame. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.terminate();
  }

  /** Closes the sockets with a close frame; one that does not answer is cut after 500 ms. */
  async close(): Promise<void> {
    clearInterval(this.#pinger);
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.settle(answerOf(pending, 0, null, 'dispatch_failed'));
    }
    this.#pending.clear();
    const patience = setTimeout(() => this.cut(), 500);
    await Promise.all(
      this.#sockets.map((socket) => {
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.close(1001);
        return closed;
      }),
    );
    clearTimeout(patience);
    this.#server.close();
  }

  #open(): WebSocket[] {
    return this.#sockets.filter((socket) => socket.readyState === socket.OPEN);
  }

  #welcome(socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    if (this.#open().length >= maxSockets) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }));
      socket.close();
      return;
    }
    this.#sockets.push(socket);
    socket.on('message', (data: Buffer) => this.#acknowledge(data.toString()));
    socket.on('close', () => {
      this.#sockets.splice(this.#sockets.indexOf(socket), 1);
      this.#team.emit('sockets', this.size);
      this.#team.emit('changed');
    });
    const hello = {
      type: 'hello',
      num_connections: this.size,
      debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: this.#team.state.app_id },
    };
    socket.send(JSON.stringify(hello));
    this.#team.emit('sockets', this.size);
    this.#team.emit('changed');
  }

  #dispatch(id: string, kind: DeliveryKind, payload: JsonObject, attempt: number): Promise<Answer> {
    return new Promise((settle) => {
      const pending: Pending = { kind, payload, attempt, started: performance.now(), timer: undefined, settle };
      this.#last = { id, pending };
      if (!this.#send(id, pending)) {
        settle(answerOf(pending, 0, null, 'dispatch_failed'));
        return;
      }
      this.#pending.set(id, pending);
      if (kind !== 'events_api') {
        setTimeout(() => settle(answerOf(pending, 0, null, 'operation_timeout')), answerLimitMs).unref();
      }
    });
  }

  #send(id: string, pending: Pending): boolean {
    const staying = this.#open().filter((each) => !this.#leaving.has(each));
    const open = staying.length > 0 ? staying : this.#open();
    const socket = open[this.#turn++ % Math.max(1, open.length)];
    if (!socket) {
      this.#team.emit('undelivered', { kind: pending.kind, reason: 'no open socket' });
      return false;
    }
    const { kind, payload, attempt } = pending;
    const envelope = { envelope_id: id, type: kind, payload, accepts_response_payload: kind !== 'events_api' };
    const retry = { retry_attempt: attempt, retry_reason: attempt > 0 ? 'timeout' : '' };
    socket.send(JSON.stringify(kind === 'events_api' || attempt > 0 ? { ...envelope, ...retry } : envelope));
    pending.timer = setTimeout(() => this.#unacknowledged(id, pending), this.ackTimeoutMs).unref();
    return true;
  }

  #unacknowledged(id: string, pending: Pending): void {
    this.#record(pending, 0, null);
    const again = this.redeliver === 'all' || (this.redeliver === 'events' && pending.kind === 'events_api');
    pending.attempt += 1;
    if (again && pending.attempt <= maxAttempts && this.#send(id, pending)) return;
    this.#pending.delete(id);
    pending.settle(answerOf(pending, 0, null, 'operation_timeout'));
  }

  #acknowledge(text: string): void {
    const message = parseJson(text);
    if (!isObject(message)) return;
    const id = textOf(message['envelope_id']);
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    const body = message['payload'] ?? null;
    this.#record(pending, 200, body);
    pending.settle(answerOf(pending, 200, body));
  }

  #record(pending: Pending, status: number, response: Json): void {
    const entry = this.#wire.add({
      at: this.#team.now(),
      direction: 'out',
      transport: 'socket',
      method: pending.kind,
      status,
      ms: performance.now() - pending.started,
      request: { retry_attempt: pending.attempt, body: pending.payload },
      response,
    });
    this.#team.emit('request', entry);
    this.#team.emit('changed');
  }
}

function answerOf(pending: Pending, status: number, body: Json, error?: string): Answer {
  const ms = performance.now() - pending.started;
  return { status, body, ms, via: 'socket', ...(error === undefined ? {} : { error }) };
}
