import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { checkRecord } from '../../src/domain/incident/record.ts';
import { chain, type ChainedEvent, type NewEvent } from '../../src/domain/incident/timeline.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { EVENT_KINDS } from '../../templates/event-words.ts';
import { timelinePages } from '../../templates/timeline.ts';
import { anIncident, smallEstate, T0 } from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});

const ana = 'slack:U01ANA';
const EVENTS: NewEvent[] = [
  { kind: 'incident.declared', actor: ana, data: { title: 'Orders <!channel> fail', severity: 'P1', service: 'api' } },
  { kind: 'incident.acknowledged', actor: 'pagerduty:PANA001', data: { after_ms: 95_000, pages: [] } },
  {
    kind: 'incident.expected',
    actor: 'slack:U01CLEO',
    data: { at: '2026-11-20T04:30:00.000Z', reason: 'the replica catches up' },
  },
  { kind: 'incident.expected', actor: 'slack:U01CLEO', data: { at: null, reason: null } },
  { kind: 'incident.severity_changed', actor: ana, data: { from: 'P1', to: 'P0', reason: 'spreads' } },
  {
    kind: 'estate.loaded',
    actor: 'lifeboat',
    data: { digest: 'abcdef0123456789', source: 'host:/estate.yaml', by: 'process 7 on host', occasion: 'start' },
  },
  { kind: 'channel.opened', actor: 'lifeboat', data: { channel: 'C0INC12', name: 'dr-12-orders-fail' } },
  { kind: 'channel.failed', actor: 'lifeboat', data: { name: 'dr-12-orders-fail', reason: 'restricted_action' } },
  {
    kind: 'message.refused',
    actor: 'lifeboat',
    data: { template: 'status-update', to: '#leadership', reason: 'is_archived: the channel is archived' },
  },
  { kind: 'role.assigned', actor: ana, data: { role: 'incident-commander', person: 'slack:U01CLEO' } },
  { kind: 'update.posted', actor: 'lifeboat', data: { text: null, due: '', late_ms: 0, missed: 2 } },
  { kind: 'update.posted', actor: ana, data: { text: 'We look.', answered: null } },
  { kind: 'note.added', actor: ana, data: { text: 'password=hunter2 was wrong' } },
  { kind: 'page.asked', actor: ana, data: { role: 'database', people: ['ben', 'dan'], text: 'come' } },
  { kind: 'page.sent', actor: 'lifeboat', data: { dedup_key: 'a/b' } },
  { kind: 'page.acknowledged', actor: 'slack:U01BEN', data: { dedup_key: 'a/database', role: 'database' } },
  { kind: 'page.resolved', actor: 'pagerduty:PANA001', data: { dedup_key: 'a/on-call', role: 'on-call' } },
  { kind: 'page.failed', actor: 'lifeboat', data: { dedup_key: 'a/b', reason: '400' } },
  { kind: 'page.unacknowledged', actor: 'pagerduty', data: { role: 'on-call', resumed: true } },
  { kind: 'page.reopened', actor: 'pagerduty:PZOE:Zoe Park', data: { role: 'on-call' } },
  {
    kind: 'page.reassigned',
    actor: 'pagerduty:PANA001',
    data: { role: 'on-call', people: ['ben', 'pagerduty:PZOE:Zoe Park'] },
  },
  { kind: 'page.delegated', actor: 'pagerduty:PANA001', data: { role: 'on-call', people: [] } },
  { kind: 'page.escalated', actor: 'pagerduty', data: { role: 'on-call', people: ['ben'] } },
  { kind: 'page.priority_updated', actor: 'pagerduty:PANA001', data: { role: 'on-call', text: 'P1' } },
  { kind: 'page.annotated', actor: 'pagerduty:PANA001', data: { role: 'on-call', text: 'The fan is loud' } },
  {
    kind: 'page.named',
    actor: 'lifeboat',
    data: {
      whom: [
        { role: 'on-call', people: ['pagerduty:PZOE:Zoe Park'], source: 'schedule', note: null },
        { role: 'secondary', people: ['ben'], source: 'estate', note: 'the schedule cannot be read: HTTP 500' },
      ],
    },
  },
  { kind: 'page.assigned', actor: 'lifeboat', data: { person: 'cleo' } },
  { kind: 'escalation.repeated', actor: 'lifeboat', data: { round: 2 } },
  { kind: 'escalation.ended', actor: 'lifeboat', data: { ladder: 2, since: null } },
  { kind: 'rto.passed', actor: 'lifeboat', data: { rto_ms: 3_600_000, role: 'incident-commander', people: ['cleo'] } },
  { kind: 'reach.failed', actor: 'lifeboat', data: { to: 'U01BEN', why: 'deactivated' } },
  {
    kind: 'escalation.level_fired',
    actor: 'lifeboat',
    data: { ladder: 1, level: 1, paged: ['secondary'], notified: [], say: 'Look.' },
  },
  { kind: 'recovery.requested', actor: ana, data: { service: 'api' } },
  { kind: 'recovery.assessed', actor: 'lifeboat', data: { service: 'api', health: { database: 'healthy' } } },
  { kind: 'run.started', actor: ana, data: { run: 7, name: 'recover api', digest: 'abcdef0123456789', steps: 4 } },
  { kind: 'run.paused', actor: 'lifeboat', data: { run: 7, reason: 'step failed' } },
  { kind: 'run.resumed', actor: ana, data: { run: 7, reason: null } },
  { kind: 'run.abort_asked', actor: ana, data: { run: 7, reason: 'wrong plan' } },
  { kind: 'run.ending', actor: 'lifeboat', data: { run: 7, ending: 'aborted' } },
  { kind: 'run.rolling_back', actor: 'lifeboat', data: { run: 7, steps: ['a'] } },
  { kind: 'run.succeeded', actor: 'lifeboat', data: { run: 7, after_ms: 61_000 } },
  {
    kind: 'run.unverified',
    actor: 'lifeboat',
    data: { run: 7, after_ms: 61_000, doubts: ['the check look was skipped'] },
  },
  { kind: 'run.failed', actor: 'lifeboat', data: { run: 7, after_ms: 61_000 } },
  { kind: 'run.aborted', actor: 'lifeboat', data: { run: 7, after_ms: 61_000 } },
  { kind: 'run.rolled_back', actor: 'lifeboat', data: { run: 7, after_ms: 61_000 } },
  { kind: 'step.started', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 3 } },
  { kind: 'step.succeeded', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 2 } },
  { kind: 'step.failed', actor: ana, data: { run: 7, step: 'consent', attempt: 1, error: 'denied' } },
  { kind: 'step.timed_out', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 1, error: '30s' } },
  { kind: 'step.unknown', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 1, error: 'killed' } },
  { kind: 'step.canceled', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 1, error: 'aborted' } },
  { kind: 'step.held', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 1, error: '502' } },
  { kind: 'step.cancelled', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 1, error: 'aborted' } },
  { kind: 'step.retried', actor: 'lifeboat', data: { run: 7, step: 'look', attempt: 1, error: '502', pause_ms: 2000 } },
  { kind: 'step.retry_asked', actor: ana, data: { run: 7, step: 'look', was: 'failed', reason: 'try again' } },
  { kind: 'step.skipped', actor: ana, data: { run: 7, step: 'look', was: 'failed', reason: 'done by hand' } },
  { kind: 'step.spared', actor: 'lifeboat', data: { run: 7, step: 'look', reason: 'api is healthy by now' } },
  { kind: 'approval.given', actor: ana, data: { run: 7, step: 'consent', digest: 'abcdef0123456789', comment: null } },
  { kind: 'approval.denied', actor: ana, data: { run: 7, step: 'consent', digest: 'abcdef', comment: 'no' } },
  { kind: 'incident.resolved', actor: ana, data: { summary: 'restarted', after_ms: 3_600_000 } },
  { kind: 'incident.closed', actor: ana, data: {} },
  {
    kind: 'incident.reopened',
    actor: ana,
    data: { reason: 'It fails again', was: 'closed', resolution: 'restarted', counted_ms: 7_500_000 },
  },
  { kind: 'incident.retitled', actor: ana, data: { from: 'Orders <!channel> fail', to: 'Orders `fail' } },
  { kind: 'incident.service_changed', actor: ana, data: { from: null, to: 'api' } },
  { kind: 'incident.service_changed', actor: ana, data: { from: 'api', to: 'database' } },
  { kind: 'incident.merged', actor: ana, data: { into: 7, title: 'Checkout <!here> is slow' } },
  {
    kind: 'incident.merged_in',
    actor: ana,
    data: { from: 8, title: 'Checkout is slow', severity: 'P1', service: null },
  },
  { kind: 'incident.joined', actor: ana, data: {} },
  { kind: 'channel.left', actor: 'lifeboat', data: { name: 'dr-12-orders-fail', reason: 'not_in_channel' } },
  { kind: 'something.new', actor: 'terminal:root', data: {} },
];

const chained = (events: NewEvent[]) => chain(12, { seq: 0, hash: '' }, events, T0);
/** The timeline of an incident whose row says that these are its events, by pages. */
function allPages(events: ChainedEvent[], whole = events) {
  const last = whole.at(-1);
  const head = last && { chain_seq: last.seq, chain_hash: last.hash };
  const incident = { ...anIncident(), ...head };
  return timelinePages({ incident, events, estate, record: checkRecord(incident, events, null, null) });
}
const told = (events: ChainedEvent[], whole?: ChainedEvent[]) => allPages(events, whole)[0]!;

test('every event of the timeline is said in words', () => {
  const pages = allPages(chained(EVENTS));
  for (const page of pages) accept(page);
  expect(`\n${pages.toReversed().map(readable).join('\n\n')}\n`).toMatchSnapshot();
});

test('every kind that has words is tried here', () => {
  const tried = new Set(EVENTS.map(({ kind }) => kind));
  expect(EVENT_KINDS.filter((kind) => !tried.has(kind))).toEqual([]);
});

test('every kind that the code writes has words', () => {
  const sources = ['src/domain', 'src/verbs', 'jobs']
    .flatMap((dir) =>
      readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' }).map((file) => join(ROOT, dir, file)),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'));
  const written = sources.flatMap((source) =>
    [...source.matchAll(/(?:kind: |record\(view, )'([a-z]+\.[a-z_]+)',\s*(?:actor|'lifeboat')/g)].map(
      ([, kind]) => kind!,
    ),
  );
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((kind) => !EVENT_KINDS.includes(kind))).toEqual([]);
});

test('a long timeline is told in pages that fit a message each, the newest first', () => {
  const many = Array.from({ length: 100 }, (_, index): NewEvent => ({
    kind: 'note.added',
    actor: ana,
    data: { text: `note ${index}.` },
  }));
  const pages = allPages(chained(many));
  expect(pages).toHaveLength(4);
  expect(readable(pages[0]!)).toMatch(
    /note 70\.[\s\S]*note 99\.[\s\S]*Events 71 to 100, page 1 of 4\. Older ones: `\/dr timeline INC-12 page 2`/,
  );
  expect(readable(pages[3]!)).toMatch(/note 0\.[\s\S]*note 9\.[\s\S]*Newer ones: `\/dr timeline INC-12 page 3`/);
  expect(pages.flatMap((page) => [...readable(page).matchAll(/note (\d+)\./g)].map(([, n]) => n))).toHaveLength(100);
});

test('no page is larger than Slack takes, and nothing that was typed is left out of them', () => {
  const words = Array.from({ length: 2400 }, (_, index) => `<w${index}>`).join(' ');
  const many = [words, 'short', '&'.repeat(12_000), words].map((text): NewEvent => ({
    kind: 'note.added',
    actor: ana,
    data: { text },
  }));
  const pages = allPages(chained(many));
  for (const page of pages) {
    accept(page);
    expect(JSON.stringify(page.blocks).length).toBeLessThan(11_000);
  }
  const text = pages.toReversed().map(readable).join('\n');
  expect(text.match(/&lt;w\d+&gt;/g)).toHaveLength(4800);
  expect(text.match(/&amp;/g)).toHaveLength(12_000);
});

test('a step that is over is told once, by its end', () => {
  const step = (kind: string, attempt: number): NewEvent => ({
    kind,
    actor: 'lifeboat',
    data: { run: 7, step: 'look', attempt },
  });
  const events = [step('step.started', 1), step('step.failed', 1), step('step.started', 2)];
  const text = readable(told(chained(events)));
  expect(text).toContain('3 events');
  expect(text).toContain('began, attempt 2');
  expect(text.match(/began/g)).toHaveLength(1);
});

test('a changed event is reported', () => {
  const events = chained(EVENTS);
  events[2] = { ...events[2]!, actor: 'slack:U0MALLORY' };
  expect(readable(told(events))).toContain('event 3 is missing or does not fit');
});

test('events that were taken off the end, or all written anew, are reported', () => {
  const events = chained(EVENTS);
  expect(readable(told(events))).toContain('The record is whole');
  expect(readable(told(events.slice(0, -2), events))).toMatch(
    new RegExp(`tampered with: event ${EVENTS.length - 1} is missing`),
  );
  const anew = chained(EVENTS.map((event) => ({ ...event, actor: 'slack:U0MALLORY' })));
  expect(readable(told(anew, events))).toContain('tampered with');
});
