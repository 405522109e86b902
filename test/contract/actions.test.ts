import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import type { WorkerActionName } from '../../src/domain/actions/index.ts';
import type { JsonObject } from '../../src/domain/json.ts';

const releases: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

const run = (name: WorkerActionName, input: JsonObject, signal = new AbortController().signal) =>
  actions[name].run(input, { signal, output: () => undefined });

/** A real HTTP server; `received` holds the requests that arrived whole. */
async function serve(answer: RequestListener) {
  const received: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, received };
}

/** A port on which nobody listens: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('every action', () => {
  const wrong: [WorkerActionName, JsonObject, RegExp][] = [
    ['http', { uri: 'http://x' }, /http: the input does not fit: .*url.*uri/],
    ['http', { url: 'file:///etc/passwd' }, /url: expected an http/],
    ['http', { url: 'http://x', method: 'FETCH' }, /method/],
    ['http', { url: 'http://x', body: 'b' }, /body: a GET has none/],
    ['http', { url: 'http://x', headers: { 'a\nb': 'c' } }, /headers: a name or value that HTTP does not allow/],
    ['tcp', { host: 'x', port: 70_000 }, /tcp: .*port/],
    ['command', { run: 'rm -rf /' }, /command: .*run/],
    ['command', { run: [] }, /command: .*run/],
    ['command', { run: ['true'], shell: true }, /command: .*shell/],
  ];
  test.each(wrong)('%s with %j is rejected with the key in words', async (name, input, reason) => {
    expect(await run(name, input)).toEqual({ kind: 'rejected', reason: expect.stringMatching(reason) });
  });

  test('is registered under its own name', () => {
    for (const [name, action] of Object.entries(actions)) expect(action.name).toBe(name);
  });

  test('does nothing when it is aborted before it starts', async () => {
    const server = await serve((_, response) => response.end());
    const aborted = AbortSignal.abort(new Error('the lease is lost'));
    const input = {
      http: { url: server.url, method: 'POST' },
      tcp: { host: '127.0.0.1', port: server.port },
      command: { run: ['true'] },
    };
    for (const name of ['http', 'tcp', 'command'] as const) {
      expect(await run(name, input[name], aborted)).toEqual({
        kind: 'rejected',
        reason: expect.stringContaining('the lease is lost'),
      });
    }
    expect(server.received).toHaveLength(0);
  });
});

test('noop hands its input on', async () => {
  expect(await run('noop', { a: [1] })).toEqual({ kind: 'done', value: { a: [1] } });
});

describe('http', () => {
  test('gives status, parsed JSON and the time', async () => {
    const server = await serve((_, response) =>
      response.setHeader('content-type', 'application/json; charset=utf-8').end('{"ok":true,"n":"a\\u0000"}'),
    );
    const outcome = await run('http', { url: `${server.url}/x?y=1`, headers: { 'X-Number': 5 } });
    expect(outcome).toEqual({
      kind: 'done',
      value: { status: 200, body: { ok: true, n: 'a\uFFFD' }, ms: expect.any(Number) },
    });
    expect(server.received[0]).toMatchObject({ method: 'GET', url: '/x?y=1', headers: { 'x-number': '5' } });
  });

  test('sends a JSON body as JSON, a text as it is, and a login as Basic authorization', async () => {
    const server = await serve((_, response) => response.writeHead(204).end());
    await run('http', { method: 'put', url: server.url.replace('//', '//me:p%40ss@'), body: { site: 'west' } });
    await run('http', { method: 'POST', url: server.url, body: 'plain', headers: { 'Content-Type': 'text/x' } });
    expect(server.received[0]).toMatchObject({
      body: '{"site":"west"}',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('me:p@ss')}` },
    });
    expect(server.received[1]).toMatchObject({ body: 'plain', headers: { 'content-type': 'text/x' } });
  });

  const answers: [string, JsonObject, RegExp | null][] = [
    ['200 {"state":{"replicas":[{"lag":3}]}}', { expect_json: { 'state.replicas.0.lag': 3 } }, null],
    ['200 {"state":"up"}', { expect_json: { state: 'down' } }, /state in the body is "up", expected "down"/],
    ['200 {"state":"up"}', { expect_json: { 'state.length': 2 } }, /state.length in the body is missing/],
    ['200 hello', { expect_body: 'ell' }, null],
    ['200 hello', { expect_body: 'bye' }, /does not contain "bye"/],
    ['500 boom', {}, /status 500, expected 200 to 299: boom/],
    ['404 gone', { expect_status: 404 }, null],
    ['404 gone', { expect_status: [200, 204] }, /status 404, expected 200 or 204/],
    ['200 fine', { expect_status: 201 }, /status 200, expected 201/],
  ];
  test.each(answers)('the answer "%s" is judged by %j', async (answer, expected, refusal) => {
    const [status, ...words] = answer.split(' ');
    const body = words.join(' ');
    const server = await serve((_, response) => {
      response
        .writeHead(Number(status), { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' })
        .end(body);
    });
    const outcome = await run('http', { url: server.url, ...expected });
    if (refusal === null) expect(outcome.kind).toBe('done');
    else expect(outcome).toEqual({ kind: 'rejected', reason: expect.stringMatching(refusal) });
  });

  test('reads no more than 64 KB of an endless body', async () => {
    const server = await serve((_, response) => {
      const push = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', push);
      push();
    });
    const outcome = await run('http', { url: server.url });
    expect(outcome).toMatchObject({ kind: 'done', value: { body: 'x'.repeat(64 * 1024) } });
  });

  test('a reading request follows a redirect, a changing one does not', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/there') response.end('arrived');
      else response.writeHead(307, { location: '/there' }).end();
    });
    expect(await run('http', { url: server.url })).toMatchObject({ kind: 'done', value: { body: 'arrived' } });
    expect(await run('http', { url: server.url, expect_status: 307 })).toMatchObject({
      kind: 'done',
      value: { status: 307 },
    });
    expect(await run('http', { url: server.url, method: 'POST' })).toMatchObject({ kind: 'rejected' });
    expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test.each(['GET', 'POST'])('a refused connection is a sure failure of a %s', async (method) => {
    const outcome = await run('http', { url: `http://127.0.0.1:${await closedPort()}/x?token=hidden`, method });
    expect(outcome).toEqual({ kind: 'rejected', reason: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify(outcome)).not.toContain('hidden');
  });

  test.each(['GET', 'POST'])('a host without a name entry is a sure failure of a %s', async (method) => {
    expect(await run('http', { url: 'http://nowhere.invalid/', method })).toMatchObject({ kind: 'rejected' });
  });

  test('a connection that breaks after sending is unknown for POST and a failure for GET', async () => {
    const server = await serve((request) => request.socket.destroy());
    expect(await run('http', { url: server.url })).toMatchObject({ kind: 'rejected' });
    expect(await run('http', { url: server.url, method: 'POST' })).toEqual({
      kind: 'unknown',
      reason: expect.stringContaining('may have taken effect'),
    });
  });

  test('a body that breaks off is unknown for POST', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    expect(await run('http', { url: server.url, method: 'POST' })).toMatchObject({ kind: 'unknown' });
  });

  test.each([502, 504])('a gateway that answers %d says nothing about what a POST did', async (status) => {
    const server = await serve((_, response) => response.writeHead(status).end());
    expect(await run('http', { url: server.url, method: 'POST' })).toMatchObject({ kind: 'unknown' });
    expect(await run('http', { url: server.url })).toMatchObject({ kind: 'rejected' });
  });

  test.each([
    ['GET', 'rejected'],
    ['DELETE', 'unknown'],
  ])('a %s that is aborted in flight is %s', async (method, kind) => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort(new Error('timed out after 10s')));
    const outcome = await run('http', { url: server.url, method }, stop.signal);
    expect(outcome).toEqual({ kind, reason: expect.stringContaining('timed out after 10s') });
  });
});

describe('tcp', () => {
  test('an open port is done with the time it took', async () => {
    const server = await serve((_, response) => response.end());
    expect(await run('tcp', { host: '127.0.0.1', port: server.port })).toEqual({
      kind: 'done',
      value: { ms: expect.any(Number) },
    });
    expect(await run('tcp', { host: '127.0.0.1', port: String(server.port) })).toMatchObject({ kind: 'done' });
  });

  test('a closed port and an unknown host are failures in words', async () => {
    const port = await closedPort();
    expect(await run('tcp', { host: '127.0.0.1', port })).toEqual({
      kind: 'rejected',
      reason: expect.stringMatching(`127.0.0.1:${port}: .*ECONNREFUSED`),
    });
    expect(await run('tcp', { host: 'localhost', port })).toEqual({
      kind: 'rejected',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await run('tcp', { host: 'nowhere.invalid', port })).toMatchObject({ kind: 'rejected' });
  });
});
