import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { parseJson } from './args.ts';
import { isFromHere } from '../from-here.ts';
import { answerResponseUrl } from './reply.ts';
import type { SocketHub } from './socket-mode.ts';
import type { Team } from './team.ts';
import type { ApiAnswer, WebApi } from './web-api.ts';

/** The HTTP server behind the workspace: Web API, response URLs, file uploads, and the upgrade to Socket Mode. */
export class SlackServer {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #holds = new Set<NodeJS.Timeout>();
  #down = false;
  #api: WebApi;
  #hub: SocketHub;
  #team: Team;

  constructor(api: WebApi, hub: SocketHub, team: Team) {
    this.#api = api;
    this.#hub = hub;
    this.#team = team;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        response.writeHead(500).end(error instanceof Error ? error.stack : String(error));
      });
    });
    this.#server.on('upgrade', (request, socket, head) => hub.upgrade(request, socket, head));
    this.#server.on('connection', (socket: Socket) => {
      if (this.#down) {
        socket.resetAndDestroy();
        return;
      }
      this.#connections.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#connections.delete(socket));
    });
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** During an outage every connection, open or new, is reset. */
  outage(down: boolean): void {
    this.#down = down;
    if (down) this.#cut();
  }

  async close(): Promise<void> {
    await this.#hub.close();
    for (const timer of this.#holds) clearTimeout(timer);
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#cut();
    await closed;
  }

  #cut(): void {
    this.#hub.cut();
    for (const socket of this.#connections) socket.resetAndDestroy();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isFromHere(request)) return void response.writeHead(403).end('not for browsers');
    const host = request.headers.host ?? '127.0.0.1';
    const url = new URL(request.url ?? '/', `http://${host}`);
    const [first, ...rest] = url.pathname.split('/').filter(Boolean);
    const body = await read(request);
    if (first === 'api') {
      const answer = this.#api.handle({
        method: rest.join('/'),
        contentType: request.headers['content-type'] ?? '',
        authorization: request.headers.authorization ?? '',
        query: url.searchParams,
        body: body.toString(),
        host,
      });
      this.#send(answer, request, response);
    } else if (first === 'commands' || first === 'actions') {
      const text = body.toString();
      const answer = answerResponseUrl(this.#team, rest.join('/'), parseJson(text) ?? text);
      response.writeHead(answer.status, { 'content-type': 'text/html' }).end(answer.body);
    } else if (first === 'upload') {
      const file = this.#team.state.files[rest[1] ?? ''];
      const content = uploaded(request.headers['content-type'] ?? '', body);
      if (file) Object.assign(file, { content, bytes: Buffer.byteLength(content) });
      response.writeHead(file ? 200 : 404).end(file ? `OK - ${String(file.bytes)}` : 'no such upload');
    } else {
      response.writeHead(404).end();
    }
  }

  #send(answer: ApiAnswer, request: IncomingMessage, response: ServerResponse): void {
    const finish = () => {
      if (answer.ending !== 'answer') {
        request.socket.resetAndDestroy();
        return;
      }
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      const type = typeof answer.body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
      response.writeHead(answer.status, { 'content-type': type, ...answer.headers }).end(text);
    };
    if (answer.delayMs === 0) finish();
    else if (Number.isFinite(answer.delayMs)) {
      const timer = setTimeout(() => {
        this.#holds.delete(timer);
        finish();
      }, answer.delayMs);
      this.#holds.add(timer);
    }
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** The text of an upload: the first part of a multipart form, or the body as it is. */
function uploaded(contentType: string, body: Buffer): string {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  if (boundary === undefined) return body.toString();
  const part = body.toString().split(`--${boundary}`)[1] ?? '';
  return part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, '');
}
