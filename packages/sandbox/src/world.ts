import type { EventEmitter } from 'node:events';
import type { MailSink } from '@lifeboat/stand-ins/mail/mail-sink';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { CommandHint, Break, ServiceTile, Shortcut, TourStep } from './page/protocol.ts';
import type { SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import type { Surroundings } from './surroundings.ts';

/** The estate's processes, as they are and as they are broken. */
export interface Services extends EventEmitter<{ change: [ServiceTile] }> {
  list(): ServiceTile[];
  break(service: string, how: Break): Promise<void>;
  mend(service: string): Promise<void>;
}

export interface TourGuide extends EventEmitter<{ change: [TourStep[]] }> {
  list(): TourStep[];
}

/** Everything around Lifeboat that the page shows and that people can touch. */
export interface World {
  slack: SlackStandIn;
  pagerduty: PagerDutyStandIn;
  mail: MailSink;
  services: Services;
  surroundings: Surroundings;
  tour: TourGuide;
  /** The estate's name. */
  estate: string;
  speed: number;
  commands: CommandHint[];
  shortcuts: Shortcut[];
  /** Which of the pager's users somebody of Slack is, by e-mail. */
  pagerUser(slackUser: string): string | undefined;
}
