import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api, Faults } from './faults.ts';
import { isFromHere } from '../from-here.ts';
import { EVENT_BYTES } from './events-api.ts';
import { clock } from './types.ts';
import type { Answer, RecordedRequest } from './types.ts';

const TOO_LARGE: Answer = { status: 413, body: { status: 'invalid event', message: 'Request Entity Too Large' } };
const UNAVAILABLE: Answer = { status: 503, body: { status: 'unavailable', message: 'Service Unavailable' } };

/** One listening socket for both APIs: records each request, lets faults strike, hands the rest to `answer`. */
export class HttpServer {
  unavailable = false;
  port = 0;
  private server: Server | undefined;
  private readonly closing = new AbortController();
  private readonly faults: Faults;
  private readonly record: (request: RecordedRequest) => void;
  private readonly over: (request: RecordedRequest) => void;
  private readonly answer: (request: RecordedRequest) => Answer;

  constructor(
    faults: Faults,
    hear: { record: HttpServer['record']; over: HttpServer['over'] },
    answer: HttpServer['answer'],
  ) {
    this.faults = faults;
    this.record = hear.record;
    this.over = hear.over;
    this.answer = answer;
  }

  /** Listens on 127.0.0.1; a second call after `deafen` takes the same port again. */
  async listen(port = this.port): Promise<void> {
    const server = createServer((req, res) => void this.handle(req, res).catch(() => req.socket.destroy()));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  get listening(): boolean {
    return this.server !== undefined;
  }

  /** Stops listening and cuts all connections: callers see "connection refused". */
  async deafen(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.deafen();
  }

  private async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (!isFromHere(req)) return void res.writeHead(403).end('not for browsers');
    const request = requestOf(req);
    this.record(request);
    try {
      await this.take(request, req, res);
    } finally {
      request.ms = clock() - request.arrived_at;
      this.over(request);
    }
  }

  private async take(request: RecordedRequest, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await read(req);
    if (body === undefined) {
      reply(request, res, TOO_LARGE);
      return;
    }
    request.body = body;
    const ms = this.faults.delayOf(request.api);
    if (ms > 0) await delay(ms, undefined, { signal: this.closing.signal });
    if (this.unavailable) {
      reply(request, res, UNAVAILABLE);
      return;
    }
    const fault = this.faults.take(request.api, request.method, request.path);
    switch (fault?.kind) {
      case undefined: {
        reply(request, res, this.answer(request));
        return;
      }
      case 'status': {
        reply(request, res, { body: undefined, ...fault });
        return;
      }
      case 'hang':
        await delay(fault.ms, undefined, { signal: this.closing.signal });
        return void req.socket.destroy();
      case 'reset':
        return void req.socket.resetAndDestroy();
      case 'apply_then_hang':
        return void this.answer(request);
      case 'apply_then_reset':
        this.answer(request);
        return void req.socket.resetAndDestroy();
    }
  }
}

function requestOf(req: IncomingMessage): RecordedRequest {
  const path = req.url ?? '/';
  const api: Api = path.startsWith('/v2/') ? 'events' : 'rest';
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(req.headers)) headers[name] = String(value);
  return { arrived_at: clock(), api, method: req.method ?? 'GET', path, headers, body: '' };
}

/** The body as text; undefined when it is larger than PagerDuty takes. */
async function read(req: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= EVENT_BYTES) chunks.push(chunk);
  }
  return size > EVENT_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function reply(request: RecordedRequest, res: ServerResponse, answer: Answer): void {
  request.status = answer.status;
  request.response = answer.body;
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
  res.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text);
}
