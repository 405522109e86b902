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

/** The kept world, or that of the first day; throws a SandboxError when another version wrote it. */
export function keptWorld(read: unknown, salt: string): KeptWorld {
  if (read === undefined) return { version: 1, salt, tour: [] };
  const parsed = SCHEMA.safeParse(read);
  if (parsed.success) return parsed.data;
  throw new SandboxError(
    'what the sandbox kept was written by another version',
    'begin anew with `npm run lifeboat -- sandbox reset`',
  );
}
