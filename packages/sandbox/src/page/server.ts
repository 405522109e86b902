import { readFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { PAGE } from '../paths.ts';
import type { Ports } from '../programs/program.ts';
import type { World } from '../world.ts';
import { act } from './act.ts';
import { ChangeStream } from './change-stream.ts';
import { Feed } from './feed.ts';
import { refusal, SECURITY_HEADERS } from './guard.ts';
import { listen } from './listen.ts';
import { readGesture } from './read-gesture.ts';
import { snapshotOf } from './snapshot.ts';

export interface PageOptions {
  world: World;
  /** 0 takes any free one. */
  port: number;
  /** Where Lifeboat's own web servers are now; 0 while it is away. */
  botPorts: () => Ports;
}

export interface Page {
  url: string;
  close(): Promise<void>;
}

/** A gesture is a line or a form, never more. */
const MAX_BODY_BYTES = 262_144;
const FILES: Record<string, [file: string, type: string]> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.js.map': ['page.js.map', 'application/json'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
};
/** What Lifeboat itself answers, on the one address that people know. */
const LIFEBOATS_OWN = /^\/(healthz|readyz|metrics|status(\.css|\.json|\.js)?)$/;
const PRIVATE = /^\/(readyz|metrics)$/;

/** Serves the sandbox's page and what it asks for, on this machine only. */
export async function startPage({ world, port, botPorts }: PageOptions): Promise<Page> {
  const feed = new Feed(world);
  const stream = new ChangeStream(feed);
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const taken = await listen(server, port);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const refused = refusal(request, taken);
    if (refused !== null) return json(response, 403, { ok: false, error: refused });
    const what = `${request.method ?? 'GET'} ${path}`;
    if (what === 'GET /api/state') return json(response, 200, snapshotOf(world, feed));
    if (what === 'GET /api/changes') return stream.open(response);
    if (what === 'POST /api/act') return answerGesture(request, response);
    const file = FILES[path];
    if (file && request.method === 'GET') return sendFile(response, ...file);
    if (LIFEBOATS_OWN.test(path) && request.method === 'GET') {
      const { port: open, privatePort } = botPorts();
      return pass(request, response, PRIVATE.test(path) ? privatePort : open);
    }
    json(response, 404, { ok: false, error: 'there is nothing here' });
  }

  async function answerGesture(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    if (body === undefined) return json(response, 413, { ok: false, error: 'that is too long' });
    const asked = readGesture(body);
    if ('problem' in asked) return json(response, 400, { ok: false, error: asked.problem });
    json(response, 200, await act(world, asked.gesture));
  }

  return {
    url: `http://127.0.0.1:${taken}`,
    close: () => {
      stream.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function sendFile(response: ServerResponse, file: string, type: string): Promise<void> {
  const content = await readFile(join(PAGE, file));
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(content);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Asks Lifeboat and passes its answer on. */
function pass(request: IncomingMessage, response: ServerResponse, port: number): void {
  const away = (): void => {
    if (response.headersSent) response.destroy();
    else response.writeHead(503, { 'content-type': 'text/plain' }).end('not ready: Lifeboat is not running\n');
  };
  if (port === 0) return away();
  const { accept = '*/*' } = request.headers;
  const asked = httpRequest({ host: '127.0.0.1', port, path: request.url, headers: { accept } }, (answer) => {
    const { 'content-type': type = 'text/plain', 'cache-control': cache } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { 'content-type': type, ...(cache && { 'cache-control': cache }) });
    answer.pipe(response);
  });
  asked.on('error', away);
  asked.end();
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
