import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Estate } from '../../../src/domain/estate/model.ts';
import type { Shutdown } from '../../../src/runtime/shutdown.ts';
import * as cast from './cast.ts';
import { KeptState, readKept } from './kept-state.ts';
import { keptWorld, type KeptWorld } from './kept-world.ts';
import { startMailSink } from '@lifeboat/stand-ins/mail/mail-sink';
import type { CommandHint, Shortcut } from './page/protocol.ts';
import { startPage } from './page/server.ts';
import { startPagerMails } from '@lifeboat/stand-ins/pagerduty/mails';
import { startPagerDutyStandIn, type PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { Lifeboats, type LifeboatOptions } from './programs/lifeboats.ts';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { outsideParts, Surroundings } from './surroundings.ts';
import { Tour } from './tour.ts';
import type { Services, World } from './world.ts';

/** Nobody answers there: webhooks wait until the bot has said where it is. */
const NOBODY_YET = 'http://127.0.0.1:1/';

const WRITTEN_AT_ONCE = ['message', 'updated', 'deleted', 'ephemeral', 'channel', 'view', 'view_closed'] as const;

export interface SandboxOptions extends LifeboatOptions {
  estate: Estate;
  port: number;
  services: Services;
  commands: CommandHint[];
  shortcuts: Shortcut[];
  shutdown: Shutdown;
}

/** Starts the world around Lifeboat, Lifeboat in it, and the page; resolves with its address when commands are taken. */
export async function startSandbox(options: SandboxOptions): Promise<string> {
  const { estate, home, shutdown } = options;
  const file = join(home, 'world.json');
  const kept = keptWorld(readKept(file), randomBytes(16).toString('hex'), estate.name);
  const world = await startWorld(options, kept, file);
  const routing = cast.routingEnvironment(estate, kept.salt);
  const lifeboats = new Lifeboats(options, world, routing, freshLogs(home));
  shutdown.add('lifeboats', () => lifeboats.stop());
  for (const part of lifeboats.parts) world.surroundings.add(part);
  const page = await startPage({ world, port: options.port, botPorts: () => lifeboats.botPorts });
  shutdown.add('page', () => page.close());
  await lifeboats.start();
  return page.url;
}

async function startWorld(options: SandboxOptions, kept: KeptWorld, file: string): Promise<World> {
  const { estate, shutdown, services } = options;
  const [slack, pagerduty, mail] = await Promise.all([
    startSlack(estate, kept),
    startPager(estate, kept),
    startMailSink(kept.mail && { state: kept.mail }),
  ]);
  shutdown.add('slack', () => slack.close());
  shutdown.add('pagerduty', () => pagerduty.close());
  shutdown.add('mail', () => mail.close());
  const { workspace } = slack;
  const { pager } = pagerduty;
  const tour = new Tour(estate, kept.tour);
  workspace.events.on('message', (message) => tour.message(message));
  workspace.events.on('updated', (message) => tour.message(message));
  services.on('change', (tile) => tour.service(tile));
  const mails = startPagerMails({ pager, smtpUrl: mail.url, ...(kept.mailed && { state: kept.mailed }) });
  shutdown.add('notices', () => mails.close());
  const keep = new KeptState<KeptWorld>(file, () => ({
    ...{
      version: 1,
      salt: kept.salt,
      estate: estate.name,
      tour: tour.done(),
      mail: mail.snapshot(),
      mailed: mails.snapshot(),
    },
    ...{ slack: workspace.events.state, pager: pager.snapshot(), webhooks: pager.waitingWebhooks() },
  }));
  shutdown.add('what is kept', () => keep.write());
  // What Lifeboat is told has happened must not be forgotten by a kill: these are written before they are answered.
  for (const event of WRITTEN_AT_ONCE) workspace.events.on(event, keep.write);
  pager.on('alert', (alert) => tour.page(alert));
  pager.on('alert', keep.write);
  pager.on('webhook', keep.write);
  pager.resumeWebhooks(kept.webhooks ?? []);
  workspace.events.on('changed', keep.changed);
  mail.on('mail', keep.changed);
  tour.on('change', keep.changed);
  const { commands, shortcuts, speed } = options;
  const surroundings = new Surroundings();
  for (const part of outsideParts(slack, pagerduty, surroundings)) surroundings.add(part);
  return {
    ...{ slack, pagerduty, mail, services, surroundings, tour, speed, commands, shortcuts, estate: estate.name },
    pagerUser: (id) => {
      const email = workspace.events.user(id)?.email;
      return pager.directory.users.find((user) => user.email === email)?.id;
    },
  };
}

async function startSlack(estate: Estate, kept: KeptWorld): Promise<SlackStandIn> {
  const slack = await startSlackStandIn({
    botToken: `xoxb-sandbox-${randomBytes(16).toString('hex')}`,
    appToken: `xapp-sandbox-${randomBytes(16).toString('hex')}`,
    users: cast.slackUsers(estate),
    channels: cast.slackChannels(estate),
    limits: 'real',
    ...(kept.slack && { state: kept.slack }),
  });
  // Whom and what the estate names since then.
  const { workspace } = slack;
  for (const user of cast.slackUsers(estate)) if (!workspace.events.user(user.id)) workspace.addUser(user);
  for (const channel of cast.slackChannels(estate))
    if (!workspace.events.findChannel(channel.name)) workspace.addChannel(channel);
  return slack;
}

async function startPager(estate: Estate, kept: KeptWorld): Promise<PagerDutyStandIn> {
  const routingKeys = cast.pagerServices(estate, kept.salt);
  const pagerduty = await startPagerDutyStandIn({
    ...{ routingKeys, users: cast.pagerUsers(estate), schedules: cast.pagerSchedules(estate) },
    webhookUrl: NOBODY_YET,
  });
  // People and schedules follow the estate; what happened is kept.
  const { alerts, sequence } = kept.pager ?? {};
  if (alerts && sequence !== undefined) pagerduty.pager.restore({ ...pagerduty.pager.snapshot(), alerts, sequence });
  return pagerduty;
}

/** A new folder for what Lifeboat's processes print; that of the start before stays beside it. */
function freshLogs(home: string): string {
  const [logs, before] = [join(home, 'log'), join(home, 'log.before')];
  mkdirSync(logs, { recursive: true });
  rmSync(before, { recursive: true, force: true });
  renameSync(logs, before);
  mkdirSync(logs);
  return logs;
}
