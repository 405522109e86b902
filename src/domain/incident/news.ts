import type { Detail } from './detail.ts';

/** What changes what stakeholders read. */
const BRIEF = [
  'incident.declared',
  'incident.acknowledged',
  'incident.severity_changed',
  'incident.expected',
  'page.unacknowledged',
  'rto.passed',
  'run.started',
  'run.paused',
  'run.resumed',
  'run.rolling_back',
  'run.succeeded',
  'run.unverified',
  'run.failed',
  'run.aborted',
  'run.rolled_back',
];

/** What those who work on it have to know besides; a step that merely began or is tried again is none. */
const FULL = [
  ...BRIEF,
  'approval.given',
  'approval.denied',
  'channel.failed',
  'escalation.ended',
  'escalation.level_fired',
  'escalation.repeated',
  'message.refused',
  'note.added',
  'page.acknowledged',
  'page.asked',
  'page.failed',
  'page.reopened',
  'recovery.assessed',
  'role.assigned',
  'step.failed',
  'step.skipped',
  'step.succeeded',
  'step.timed_out',
  'step.unknown',
];

/** Kinds of events that a reader of this detail would see in an update. */
export const newsKinds = (detail: Detail): readonly string[] => (detail === 'full' ? FULL : BRIEF);

/** How many updates without news go by before somebody is asked for words. */
export const QUIET_UPDATES = 2;
