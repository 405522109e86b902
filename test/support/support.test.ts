import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import { spawnProgram } from './process.ts';
import { redisAvailable, startRedis } from './redis.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { waitFor } from './wait-for.ts';

describe('the TCP proxy', () => {
  async function echoBehindProxy() {
    const echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const proxy = await startTcpProxy({ port: (echo.address() as AddressInfo).port });
    onTestFinished(async () => {
      await proxy.stop();
      echo.close();
    });
    return { proxy, open: () => open(proxy.port) };
  }

  async function open(port: number) {
    const socket: Socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
    const closed = new Promise<string>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on('close', () => resolve('closed'));
    });
    await Promise.race([closed, new Promise<void>((resolve) => void socket.once('connect', resolve))]);
    return { socket, heard: () => heard, closed };
  }

  test('passes bytes on in order, also when it is slow and slowness changes', async () => {
    const { proxy, open } = await echoBehindProxy();
    const { socket, heard } = await open();
    const begin = Date.now();
    proxy.latency(40);
    socket.write('one ');
    await waitFor('the first echo', () => heard() === 'one ');
    expect(Date.now() - begin).toBeGreaterThanOrEqual(79);
    socket.write('two ');
    proxy.latency(0);
    socket.write('three');
    await waitFor('the rest', () => heard() === 'one two three');
  });

  test('cuts what is open and what comes, until it is restored', async () => {
    const { proxy, open } = await echoBehindProxy();
    const { closed } = await open();
    proxy.cut();
    expect(await closed).toBe('ECONNRESET');
    expect(await (await open()).closed).toBe('ECONNRESET');
    proxy.restore();
    const { socket, heard } = await open();
    socket.write('back');
    await waitFor('the echo', () => heard() === 'back');
  });

  test('swallows silently as a black hole, and resets the holed connection when restored', async () => {
    const { proxy, open } = await echoBehindProxy();
    const { socket, heard, closed } = await open();
    socket.write('before');
    await waitFor('the echo', () => heard() === 'before');
    proxy.blackhole();
    socket.write('into the void');
    const witness = await open();
    expect(proxy.connections()).toBe(2);
    expect([heard(), witness.heard()]).toEqual(['before', '']);
    proxy.restore();
    expect(await closed).toBe('ECONNRESET');
    const after = await open();
    after.socket.write('after');
    await waitFor('the echo', () => after.heard() === 'after');
  });
});

describe.skipIf(!redisAvailable())('the Redis of the tests', () => {
  test('keeps its data over a restart and loses it by flushall', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const client = new Redis(redis.url);
    client.on('error', () => undefined);
    onTestFinished(() => client.disconnect());
    await client.set('boat', 'afloat');
    await redis.restart();
    expect(await client.get('boat')).toBe('afloat');
    await redis.restart({
      kill: true,
      whileDown: () => waitFor('the outage to be seen', () => client.status !== 'ready').then(() => undefined),
    });
    expect(await client.get('boat')).toBe('afloat');
    await redis.flushall();
    expect(await client.get('boat')).toBeNull();
  });
});

describe('a spawned program', () => {
  function program(text: string) {
    const folder = mkdtempSync(join(tmpdir(), 'lifeboat-program-'));
    writeFileSync(join(folder, 'program.mjs'), text);
    const spawned = spawnProgram(join(folder, 'program.mjs'));
    onTestFinished(async () => {
      await spawned.killTree();
      rmSync(folder, { recursive: true, force: true });
    });
    return spawned;
  }

  test('is waited for by line and by HTTP', async () => {
    const spawned = program(`
      import { createServer } from 'node:http';
      const server = createServer((q, a) => a.writeHead(q.url === '/ok' ? 200 : 503).end()).listen(0, '127.0.0.1', () => console.log('port', server.address().port));`);
    const [, port = ''] = await spawned.line(/^port (\d+)$/);
    await spawned.http(`http://127.0.0.1:${port}/ok`);
    await expect(spawned.http(`http://127.0.0.1:${port}/no`, 100)).rejects.toThrow(/waited 100 ms/);
  });

  test('that ends too early fails the waiting at once, with what it said', async () => {
    const spawned = program(`console.error('no coffee left'); process.exit(3)`);
    await expect(spawned.line(/^ready/)).rejects.toThrow(/ended with 3 before that[^]*no coffee left/);
    expect(await spawned.exit()).toEqual({ code: 3, signal: null });
  });

  test('is killed with all that it started, even in other sessions', async () => {
    const spawned = program(`
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { detached: true, stdio: 'ignore' });
      console.log('child', child.pid);`);
    const pid = Number((await spawned.line(/^child (\d+)$/))[1]);
    await spawned.killTree();
    await waitFor('the grandchild to be gone', () => !isAlive(pid));
  });
});
