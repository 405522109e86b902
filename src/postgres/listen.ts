import pg from 'pg';

export interface Listener {
  stop(): Promise<void>;
}

/** A broken connection is made anew after this long, in ms. */
const AGAIN_MS = 250;
const SILENCE_MS = 10_000;

/**
 * Hears NOTIFY on a channel and calls `wake` for each, and once after each connection, since what was said before it
 * was not heard. A connection that dies silently is noticed by nobody: whoever listens must also look now and then.
 */
export function listenTo(
  url: string,
  channel: string,
  wake: () => void,
  onLost: (error: Error) => void = () => undefined,
): Listener {
  let stopped = false;
  let client: pg.Client | undefined;
  const connect = async (): Promise<void> => {
    if (stopped) return;
    const next = new pg.Client({
      connectionString: url,
      application_name: `lifeboat-${channel}`,
      keepAlive: true,
      connectionTimeoutMillis: SILENCE_MS,
    });
    client = next;
    const again = (): void => {
      if (stopped || client !== next) return;
      client = undefined;
      next.end().catch(() => undefined);
      setTimeout(() => void connect(), AGAIN_MS).unref();
    };
    next.on('error', (error) => {
      onLost(error);
      again();
    });
    next.on('end', again);
    next.on('notification', wake);
    try {
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
      wake();
    } catch {
      again();
    }
  };
  const first = connect();
  return {
    async stop() {
      stopped = true;
      await first;
      await client?.end().catch(() => undefined);
    },
  };
}
