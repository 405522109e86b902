import type { Config } from '../runtime/config.ts';
import { LifeboatError, messageOf } from '../runtime/errors.ts';
import { lookAtDatabase, type DatabaseLook } from '../store/look-at-database.ts';
import { ok, untried, wrong, type Finding } from './finding.ts';

/** A clock that is further off makes reminders, approvals and Slack's stamps wrong for people, in ms. */
const SKEW_MS = 5000;

/** Looks at the database; what else can be known from it comes back as `look`. */
export async function examineDatabase({ databaseUrl }: Config): Promise<{ findings: Finding[]; look?: DatabaseLook }> {
  if (databaseUrl === undefined) {
    return { findings: [untried('database', 'DATABASE_URL is not set, so a start brings its own PostgreSQL')] };
  }
  const before = Date.now();
  try {
    const look = await lookAtDatabase(databaseUrl);
    const ahead = look.now.getTime() - (before + Date.now()) / 2;
    return { findings: [stateOf(look), clockFinding('clock of the database', ahead, SKEW_MS)], look };
  } catch (error) {
    const fix = error instanceof LifeboatError && error.fix !== undefined ? error.fix : 'correct DATABASE_URL';
    return { findings: [wrong('database', messageOf(error), fix)] };
  }
}

function stateOf({ version, waiting, foreign, may_create }: DatabaseLook): Finding {
  const name = `PostgreSQL ${version} answers`;
  if (foreign.length > 0) {
    const what = `${name}, but another version of Lifeboat made ${foreign.join(', ')}`;
    return wrong('database', what, 'start the version that made them, or a newer one');
  }
  if (waiting.length === 0) return ok('database', `${name}, and its schema is this version's`);
  if (!may_create) {
    return wrong(
      'database',
      `${name}, but its user may not create what is missing`,
      'grant CREATE on the database to it',
    );
  }
  return ok('database', `${name}; the next start applies ${waiting.length} of Lifeboat's migrations`);
}

/** `ahead` says by how many ms the other clock is ahead of this machine's. */
export function clockFinding(about: string, ahead: number, limit: number): Finding {
  const off = `${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`;
  return Math.abs(ahead) <= limit
    ? ok(about, "agrees with this machine's")
    : wrong(about, off, 'let both follow a time server (NTP)');
}
