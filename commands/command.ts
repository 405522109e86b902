import type pg from 'pg';
import type { Outcome } from '../src/domain/effect/outcome.ts';
import type { ReadSchedules } from '../src/domain/estate/holders.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Seal } from '../src/domain/incident/seal.ts';
import type { AccountKind } from '../src/ports/accounts.ts';
import type { Answer } from '../src/ports/edge.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import type { EstateUse } from '../src/store/estate/estate-uses.ts';
import type { Request, VerbDeps } from '../src/verbs/context.ts';

export interface CommandDeps {
  pool: pg.Pool;
  verbs: VerbDeps;
  estate: () => Estate;
  /** Reads the estate file again, for all processes; the old one stays when the new one is refused. */
  reloadEstate: (actor: string) => Promise<{ ok: boolean; text: string }>;
  /** What kind of account somebody has. */
  account: (actor: string) => Promise<AccountKind>;
  /** Where the estate in use came from, and when. */
  estateUse: () => EstateUse;
  /** Reads the seals of timelines; null when this process has no key. */
  seal: Seal | null;
  /** What messages in a channel remember of their incident's timeline. */
  records: (channel: string) => Promise<Outcome<string[]>>;
  /** What the pager can do for a page by hand. */
  pager: Pick<PagerPort, 'assigns' | 'ownKey'>;
  /** Asks the pager who is on call. */
  schedules: ReadSchedules;
}

export interface Call {
  request: Request;
  /** What was typed after the verb, with an incident's name taken out. */
  args: string;
  /** The incident that was named. */
  named: number | null;
  /** The name stood among free words, which may as well only mention it. */
  mentioned?: boolean;
  channel: string | null;
}

export interface Command {
  name: string;
  aliases?: string[];
  group: 'Incident' | 'Recovery' | 'People' | 'Look';
  /** After the verb. */
  usage: string;
  summary: string;
  /** `member`: nobody from outside, unless the estate lets them in; `responder`: only people of the estate. */
  who: 'anyone' | 'member' | 'responder';
  examples?: string[];
  /** `free`: the words are a sentence that may mention incidents; `whole`: they name none at all. */
  words?: 'free' | 'whole';
  /** The words name a person: a mention stays `<@U01BEN>` for `readPerson`, and `inWords` is for what is a sentence. */
  people?: true;
  run(call: Call, deps: CommandDeps): Promise<Answer>;
}

/** An answer that only the person who asked sees. */
export const toYou = (text: string): Extract<Answer, { kind: 'message' }> => ({
  kind: 'message',
  visible: 'you',
  text,
});
