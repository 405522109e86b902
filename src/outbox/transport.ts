import type { WakeUps } from './wake-ups.ts';
import { openPostgresTransport } from './transport-postgres.ts';
import { openRedisTransport } from './transport-redis.ts';
import type { Transport } from './bull-transport.ts';

export type { Transport } from './bull-transport.ts';

export interface TransportOptions {
  databaseUrl: string;
  /** Absent: BullMQ stands on PostgreSQL. */
  redisUrl?: string | undefined;
  wakeUps: WakeUps;
  onError: (queue: string, error: Error) => void;
}

export async function openTransport(options: TransportOptions): Promise<Transport> {
  const { redisUrl, onError } = options;
  return redisUrl === undefined ? openPostgresTransport(options) : openRedisTransport(redisUrl, onError);
}
