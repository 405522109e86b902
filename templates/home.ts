import type { KnownBlock, View } from '@slack/types';
import type { Estate } from '../src/domain/estate/model.ts';
import { lookWords } from '../src/domain/health/look.ts';
import { scheduledRoles, type HomeFacts, type ServiceState } from '../src/domain/incident/home.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import { holdersIn } from '../src/domain/estate/holders.ts';
import { actions, button, context, divider, header, linkButton, section } from './blocks.ts';
import { placeUrl } from './buttons.ts';
import { sections } from './clip.ts';
import { severityWords, serviceName } from './incident-words.ts';
import { since } from './live-words.ts';
import { onCallLine } from './people.ts';
import { roleName, who } from './people-words.ts';
import { count, date, listed, userLine } from './words.ts';

/** Slack: a home holds 100 blocks; a person looks at fewer. Each group ends with how many are not shown. */
const SHOWN = { waits: 8, mine: 6, incidents: 15, onCall: 10, services: 15 } as const;
const MAX_BLOCKS = 100;

/** App Home: what waits for whoever opened it, what is theirs, and how things stand. Slack shows it as it was then. */
export function homeView(facts: HomeFacts): View {
  const { incidents, now } = facts;
  const drills = incidents.filter(({ id }) => kindOf(id) === 'drill').length;
  const real = incidents.length - drills;
  const also = drills === 0 ? '' : `, ${count(drills, 'drill')}`;
  const blocks: KnownBlock[] = [
    header(`${real === 0 ? 'No incident is open' : `${count(real, 'incident')} open`}${also}`),
    actions(button({ text: 'Declare an incident', action_id: 'declare', value: 'home', style: 'primary' })),
    ...waitsFor(facts),
    ...mine(facts),
    ...open(facts),
    ...onCall(facts),
    ...health(facts),
  ];
  const end = context(
    `As of ${date(now, '{time_secs}')}, when you opened it. \`/dr help\` lists everything that can be typed.`,
  );
  return { type: 'home', blocks: [...blocks.slice(0, MAX_BLOCKS - 1), end] };
}

function group(title: string, blocks: KnownBlock[], hidden = 0, where = ''): KnownBlock[] {
  if (blocks.length === 0) return [];
  const more = hidden > 0 ? [context(`… ${hidden} more${where === '' ? '' : `: ${where}`}`)] : [];
  return [divider(), section(`*${title}*`), ...blocks, ...more];
}

const goTo = (channel: string | null, id: number, ts?: string) =>
  channel === null || kindOf(id) === 'drill' ? undefined : linkButton('Open', 'open', placeUrl(channel, ts));

/** Pages first: somebody waits for an answer. */
function waitsFor({ estate, now, approvals, pages, incidents }: HomeFacts): KnownBlock[] {
  const about = (id: number): string => {
    const found = incidents.find((each) => each.id === id);
    return `*${label(id)}*${found ? ` ${userLine(found.title, 100)}` : ''}`;
  };
  const rings = pages.map((page) =>
    section(
      `:bell: You are paged as ${roleName(estate, page.role)} for ${about(page.incident_id)}, since ${since(page.created_at, now)}.`,
      button({ text: 'Acknowledge', action_id: 'ack', value: String(page.incident_id), style: 'primary' }),
    ),
  );
  const asks = approvals.map(({ approval, requested_by, run, place }) => {
    const what = approval.kind === 'manual' ? 'A task for you' : 'Your approval';
    const until = approval.expires_at === null ? '' : `, until ${date(approval.expires_at)}`;
    return section(
      `:raised_hand: ${what} in ${userLine(run, 80)} of ${about(approval.incident_id)}, asked by ${who(estate, requested_by)}${until}.`,
      place === null ? undefined : linkButton('Review', 'open', placeUrl(place.channel, place.ts)),
    );
  });
  const all = [...rings, ...asks];
  if (all.length === 0) return [divider(), section('*Nothing waits for you.*')];
  return group('Waits for you', all.slice(0, SHOWN.waits), all.length - SHOWN.waits, '`/dr status` of the incident');
}

function mine({ estate, now, mine: own }: HomeFacts): KnownBlock[] {
  const blocks = own.slice(0, SHOWN.mine).map(({ incident, roles }) => {
    const as =
      roles.length === 0 ? '' : ` · you are ${listed(roles.slice(0, 5).map((role) => roleName(estate, role)))}`;
    return section(`${incidentLine(incident, estate, now)}${as}`, goTo(incident.channel, incident.id));
  });
  return group('Your incidents and roles', blocks, own.length - SHOWN.mine, '`/dr list`');
}

function open({ estate, now, incidents, mine: own }: HomeFacts): KnownBlock[] {
  const others = incidents.filter(({ id }) => !own.some(({ incident }) => incident.id === id));
  const blocks = others
    .slice(0, SHOWN.incidents)
    .map((incident) => section(incidentLine(incident, estate, now), goTo(incident.channel, incident.id)));
  return group(
    own.length > 0 ? 'Other open incidents' : 'Open incidents',
    blocks,
    others.length - SHOWN.incidents,
    '`/dr list`',
  );
}

function incidentLine(incident: Incident, estate: Estate, now: Date): string {
  const { id, severity, title, service, acknowledged_at, declared_at } = incident;
  const drill = kindOf(id) === 'drill' ? 'a drill, nothing leaves Lifeboat · ' : '';
  const hit = service === null ? '' : ` · ${userLine(serviceName(estate, service), 80)}`;
  const ack = acknowledged_at === null ? ':warning: nobody has acknowledged' : 'acknowledged';
  return `*${label(id)}* ${severityWords(estate, severity)}${hit}\n${userLine(title, 150)}\n${drill}${ack} · open for ${since(declared_at, now)}`;
}

function onCall({ estate, onCall: holders }: HomeFacts): KnownBlock[] {
  const roles = Object.keys(holders);
  const lines = roles.slice(0, SHOWN.onCall).map((role) => `• ${onCallLine(estate, role, holdersIn(holders, role))}`);
  const hidden = scheduledRoles(estate).length - lines.length;
  if (roles.length === 0)
    return group('On call', [section('No role has a schedule. `/dr oncall` shows who holds the roles.')]);
  return group('On call', sections(lines).slice(0, 4), hidden, '`/dr oncall`');
}

function health({ services }: HomeFacts): KnownBlock[] {
  const lines = services.slice(0, SHOWN.services).map((each) => `• ${serviceLine(each)}`);
  return group(
    'Services, as far as Lifeboat knows',
    sections(lines).slice(0, 5),
    services.length - SHOWN.services,
    '`/dr estate`',
  );
}

function serviceLine({ service, hit, seen }: ServiceState): string {
  const name = `\`${userLine(service.replaceAll('`', "'"), 60)}\``;
  if (hit.length > 0) {
    const worst = hit.toSorted((a, b) => a.severity.localeCompare(b.severity));
    return `:red_circle: ${name}: hit by ${listed(worst.slice(0, 3).map(({ id, severity }) => `${label(id)} (${severity})`))}`;
  }
  if (seen === null) return `:white_circle: ${name}: not looked at`;
  const emoji = { healthy: ':large_green_circle:', unhealthy: ':large_red_square:', unchecked: ':white_circle:' }[
    seen.look.health
  ];
  return `${emoji} ${name}: ${userLine(lookWords(seen.look), 150)}, ${date(seen.at)}`;
}
