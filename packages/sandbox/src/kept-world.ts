import * as z from 'zod';
import { SandboxError } from './sandbox-error.ts';
import type { MailState } from '@lifeboat/stand-ins/mail/mail-sink';
import type { MailedState } from '@lifeboat/stand-ins/pagerduty/mails';
import type { AccountState } from '@lifeboat/stand-ins/pagerduty/types';
import type { Delivery } from '@lifeboat/stand-ins/pagerduty/webhooks';
import type { TourStep } from './page/protocol.ts';
import type { SlackState } from '@lifeboat/stand-ins/slack/state';

/** What the world around Lifeboat remembers from one start to the next. */
export interface KeptWorld {
  version: 1;
  /** Makes this sandbox's routing keys its own. */
  salt: string;
  /** The name of the estate whose people and channels it has. */
  estate?: string;
  slack?: SlackState;
  pager?: AccountState;
  /** Webhooks that Lifeboat has not taken yet. */
  webhooks?: Delivery[];
  mailed?: MailedState;
  mail?: MailState;
  tour: TourStep['id'][];
}

/** Only what this file was written by is checked: nobody else writes it. */
const SCHEMA = z.custom<KeptWorld>(
  (value) => z.object({ version: z.literal(1), salt: z.string() }).safeParse(value).success,
);

/** The kept world, or that of the first day; throws a SandboxError when another version wrote it, or it is another estate's. */
export function keptWorld(read: unknown, salt: string, estate: string): KeptWorld {
  if (read === undefined) return { version: 1, salt, estate, tour: [] };
  const parsed = SCHEMA.safeParse(read);
  if (parsed.success) return ofEstate(parsed.data, estate);
  throw new SandboxError(
    'what the sandbox kept was written by another version',
    'begin anew with `npm run lifeboat -- sandbox reset`',
  );
}

/** People, channels and incidents of one estate mean nothing in another one. */
function ofEstate(kept: KeptWorld, estate: string): KeptWorld {
  if (kept.estate === undefined || kept.estate === estate) return kept;
  throw new SandboxError(
    `this sandbox was begun with the estate ${kept.estate}, and now the estate is ${estate}`,
    'set LIFEBOAT_HOME to another folder for it, or begin anew with `npm run lifeboat -- sandbox reset`',
  );
}
