import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SandboxError } from '../sandbox-error.ts';

/** Listens on this machine only and returns the port, which a port of 0 leaves open; throws when it is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new SandboxError(`port ${port} is taken by another program`, 'set PORT to a free one') : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
