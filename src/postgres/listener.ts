import pg from 'pg';

const RECONNECT_MS = 250;
/** A connection whose other end lost its power hears nothing, and TCP alone says so after hours, in ms. */
const PING_MS = 5000;

type Hears = (payload: string) => void;

/** One connection that hears NOTIFY for the whole process. */
export interface Listener {
  /**
   * Calls `hears` with the payload of each NOTIFY on the channel, and with '' after each connection, since what was said
   * before it was not heard.
   */
  on(channel: string, hears: Hears): void;
  stop(): Promise<void>;
}

/** Listens, connecting again after each break; whoever listens looks now and then as well. `name` is the connection's. */
export function startListener(url: string, onLost: (error: Error) => void, name = 'lifeboat-listener'): Listener {
  const channels = new Map<string, Hears[]>();
  let stopped = false;
  let client: pg.Client | undefined;

  const listenTo = async (on: pg.Client, names: string[]): Promise<void> => {
    if (names.length > 0) await on.query(names.map((name) => `listen ${pg.escapeIdentifier(name)}`).join('; '));
    for (const hears of names.flatMap((name) => channels.get(name) ?? [])) hears('');
  };
  const connect = async (): Promise<void> => {
    if (stopped) return;
    const next = new pg.Client({
      connectionString: url,
      application_name: name,
      keepAlive: true,
      connectionTimeoutMillis: PING_MS,
      query_timeout: PING_MS,
    });
    client = next;
    const again = (): void => {
      if (stopped || client !== next) return;
      client = undefined;
      next.end().catch(() => undefined);
      setTimeout(() => void connect(), RECONNECT_MS);
    };
    next.on('error', (error) => {
      onLost(error);
      again();
    });
    next.on('end', again);
    next.on('notification', ({ channel, payload = '' }) => {
      for (const hears of channels.get(channel) ?? []) hears(payload);
    });
    try {
      await next.connect();
      await listenTo(next, [...channels.keys()]);
    } catch {
      again();
    }
  };
  let ready = connect();
  const ping = setInterval(() => {
    const asked = client;
    asked?.query('select 1').catch((error: unknown) => asked.emit('error', error));
  }, PING_MS);
  return {
    on(channel, hears) {
      const known = channels.get(channel);
      channels.set(channel, [...(known ?? []), hears]);
      if (known) return;
      ready = ready.then(async () => {
        const at = client;
        if (at) await listenTo(at, [channel]).catch((error: unknown) => at.emit('error', error));
      });
    },
    async stop() {
      stopped = true;
      clearInterval(ping);
      await ready;
      await client?.end().catch(() => undefined);
    },
  };
}
