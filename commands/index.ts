import { abort, pause, resume, retry, skip } from './control.ts';
import { acknowledge } from './acknowledge.ts';
import { approve, deny } from './approve.ts';
import type { Command } from './command.ts';
import { contacts, oncall, who } from './people.ts';
import { eta } from './eta.ts';
import { declare } from './declare.ts';
import { deliveries } from './deliveries.ts';
import { estate } from './estate.ts';
import { helpFor } from './help.ts';
import { incident } from './incident.ts';
import { list, status } from './look.ts';
import { merge } from './merge.ts';
import { note } from './note.ts';
import { output } from './output.ts';
import { page } from './page.ts';
import { plan, recover, run } from './run-plan.ts';
import { close, resolve } from './resolve.ts';
import { reopen } from './reopen.ts';
import { role } from './role.ts';
import { service } from './service.ts';
import { severity } from './severity.ts';
import { title } from './title.ts';
import { update } from './update.ts';
import { timeline } from './timeline.ts';

/** Every `/dr` command, in the order in which help shows them. */
export const commands: Command[] = [
  declare,
  acknowledge,
  update,
  eta,
  severity,
  title,
  service,
  note,
  resolve,
  reopen,
  merge,
  close,
  plan,
  recover,
  run,
  approve,
  deny,
  pause,
  resume,
  retry,
  skip,
  abort,
  role,
  page,
  oncall,
  contacts,
  who,
  status,
  list,
  incident,
  timeline,
  deliveries,
  output,
  estate,
  helpFor(() => commands),
];
