import { label } from '../src/domain/incident/subject.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import type { CommandDeps } from './command.ts';

/** Slack opens a channel within a second; the last look is after a quarter of a minute, in ms. */
const LOOKS_MS = [200, 300, 500, 1000, 2000, 4000, 8000];
/** Where many are declared at once, looks would take the database from what matters. */
const MOST_LOOKING = 20;
let looking = 0;

/** Leads to the incident's channel as soon as there is one; null when none opened in time: the card says why. */
export async function channelLink({ pool }: CommandDeps, id: number): Promise<string | null> {
  if (looking >= MOST_LOOKING) return null;
  looking += 1;
  try {
    for (const wait of LOOKS_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait).unref());
      const channel = (await findIncident(pool, id))?.channel ?? null;
      if (channel !== null) return `:point_right: ${label(id)} goes on in <#${channel}>.`;
    }
    return null;
  } finally {
    looking -= 1;
  }
}
