import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** The given URL with the proxy's host and port in place of its own. */
  through(url: string): string;
  /** Delays each chunk in both directions, ms; order is kept. */
  latency(ms: number): void;
  /** Resets every connection and refuses new ones until `restore`. */
  cut(): void;
  /** Keeps connections open and swallows all that is sent, both ways, until `restore`. */
  blackhole(): void;
  /** Lets new connections pass again; connections that were swallowing are reset, since bytes are missing. */
  restore(): void;
  connections(): number;
  stop(): Promise<void>;
}

type Mode = 'pass' | 'cut' | 'blackhole';

/** A TCP proxy on a free loopback port that can be slow, cut or mute, to try what a bad network does. */
export async function startTcpProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let mode: Mode = 'pass';
  let delayMs = 0;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    track(client);
    if (mode === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ port: target.port, host: target.host ?? '127.0.0.1', allowHalfOpen: true });
    track(upstream);
    forward(client, upstream);
    forward(upstream, client);
  });

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }

  function forward(from: Socket, to: Socket): void {
    const waiting: { due: number; action: () => void }[] = [];
    let swallowed = false;
    const pump = (): void => {
      while (waiting[0] && waiting[0].due <= Date.now()) waiting.shift()?.action();
      const next = waiting[0];
      if (!next) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        pump();
      }, next.due - Date.now());
      timers.add(timer);
    };
    const later = (action: () => void): void => {
      if (mode === 'blackhole') swallowed = true;
      if (swallowed) return;
      waiting.push({ due: Date.now() + delayMs, action });
      if (waiting.length === 1) pump();
    };
    from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('close', () => later(() => to.destroy()));
  }

  function resetAll(): void {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    for (const socket of sockets) socket.resetAndDestroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    port,
    through: (url) => {
      const rewritten = new URL(url);
      rewritten.hostname = '127.0.0.1';
      rewritten.port = String(port);
      return rewritten.href;
    },
    latency: (ms) => (delayMs = ms),
    cut: () => {
      mode = 'cut';
      resetAll();
    },
    blackhole: () => (mode = 'blackhole'),
    restore: () => {
      if (mode === 'blackhole') resetAll();
      mode = 'pass';
    },
    connections: () => sockets.size / 2,
    stop: async () => {
      resetAll();
      server.close();
      await once(server, 'close');
    },
  };
}
