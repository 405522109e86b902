/** Which parts of Lifeboat a process runs; a worker without a site serves all. */
export interface Presence {
  bot: boolean;
  worker: boolean;
  site: string | undefined;
}

/** PostgreSQL cuts the name of a connection there, in bytes. */
const LENGTH = 63;
const WORKER = 'worker';

/** The name of the one connection by which a process is seen as long as it lives: `lifeboat bot worker@east`. */
export function presenceName({ bot, worker, site }: Presence): string {
  const parts = [...(bot ? ['bot'] : []), ...(worker ? [`${WORKER}@${site ?? '*'}`] : [])];
  return ['lifeboat', ...parts].join(' ').slice(0, LENGTH);
}

/** What a connection's name says; undefined for every other connection. */
export function presenceIn(name: string): Presence | undefined {
  const [first, ...parts] = name.split(' ');
  if (first !== 'lifeboat' || parts.length === 0) return undefined;
  const worker = parts.find((part) => part.startsWith(`${WORKER}@`));
  const site = worker?.slice(WORKER.length + 1);
  return { bot: parts.includes('bot'), worker: worker !== undefined, site: site === '*' ? undefined : site };
}

/** Whether the process takes the steps of a site; names that were cut count by what is left of them. */
export const serves = (presence: Presence, site: string): boolean =>
  presence.worker && (presence.site === undefined || presenceName({ ...presence, site }) === presenceName(presence));
