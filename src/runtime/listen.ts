import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LifeboatError } from './errors.ts';

/** Listens and returns the port, which a port of 0 leaves open; throws a LifeboatError that names `setting` when it is taken. */
export function listen(server: Server, port: number, host: string, setting = 'PORT'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new LifeboatError('unavailable', `port ${port} is taken by another program`, `set ${setting} to a free one`)
          : error,
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
