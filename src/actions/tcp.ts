import { connect } from 'node:net';
import * as z from 'zod';
import type { Json } from '../domain/json.ts';
import type { Outcome } from '../domain/effect/outcome.ts';
import { done, rejected } from '../domain/effect/outcome.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Action } from '../ports/action.ts';
import { connectionReason } from './connection-reason.ts';
import { port, readInput } from './input.ts';

const schema = z.strictObject({ host: z.string().min(1), port });

/** Opens a TCP connection and closes it; output `{ms}`, the time to connect. It changes nothing, so it is never unknown. */
export const tcp: Action = {
  name: 'tcp',
  async run(input, { signal }) {
    const read = readInput(schema, input);
    if (!read.ok) return rejected(`tcp: ${read.reason}`);
    return probe(read.value.host, read.value.port, signal);
  },
};

function probe(host: string, at: number, signal: AbortSignal): Promise<Outcome<Json>> {
  const place = `tcp ${host}:${at}`;
  if (signal.aborted) return Promise.resolve(rejected(`${place}: not tried: ${messageOf(signal.reason)}`));
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host, port: at });
    const settle = (outcome: Outcome<Json>): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(outcome);
    };
    const onAbort = (): void => settle(rejected(`${place}: no connection: ${messageOf(signal.reason)}`));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => settle(done({ ms: Math.round(performance.now() - started) })));
    socket.once('error', (error) => settle(rejected(`${place}: ${connectionReason(error)}`)));
  });
}
