import { createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { bullTransport, workerOptions, type Transport, type TransportJob } from './bull-transport.ts';

const PREFIX = 'lifeboat';

const CONNECT_MS = 2000;
/** A server that takes a command and says nothing for this long is given up on, in ms: TCP alone waits a quarter of an hour. */
const SEND_SILENCE_MS = 3000;
/** The same for what waits for jobs: BullMQ asks Redis to answer after 5 s when nothing came. */
const WAIT_SILENCE_MS = 8000;

/** BullMQ on Redis; both connections are made anew when the server behind them is silent. */
export function openRedisTransport(url: string, onError: (queue: string, error: Error) => void): Transport {
  const bull = withBackend(createRedisBackend);
  const sender = new Redis(url, {
    maxRetriesPerRequest: 1,
    connectTimeout: CONNECT_MS,
    commandTimeout: SEND_SILENCE_MS,
    socketTimeout: SEND_SILENCE_MS,
    enableOfflineQueue: false,
  });
  const receiver = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    socketTimeout: WAIT_SILENCE_MS,
  });
  for (const redis of [sender, receiver]) redis.on('error', (error) => onError('redis', error));
  return bullTransport(
    (name) => new bull.Queue<TransportJob>(name, { connection: sender, prefix: PREFIX }),
    (name, concurrency, process) =>
      new bull.Worker<TransportJob>(name, process, {
        ...workerOptions(concurrency),
        connection: receiver,
        prefix: PREFIX,
      }),
    onError,
    () => {
      sender.disconnect();
      receiver.disconnect();
      return Promise.resolve();
    },
  );
}
