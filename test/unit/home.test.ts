import { acceptBlocks } from '@lifeboat/stand-ins/slack/blocks';
import { beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { lookOf } from '../../src/domain/health/look.ts';
import { homeFacts, type HomeInput, type WaitingApproval, type WaitingPage } from '../../src/domain/incident/home.ts';
import type { Json } from '../../src/domain/json.ts';
import { homeView } from '../../templates/home.ts';
import { anApproval, anIncident, at, liveRun, smallEstate } from '../support/facts.ts';

let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});

const look = (input: Partial<HomeInput>): string => {
  const facts = homeFacts({
    ...{ estate, actor: 'slack:U01ANA', now: at(35), incidents: [], assigned: [], approvals: [], pages: [] },
    ...{ scheduled: {}, looks: [] },
    ...input,
  });
  const { blocks } = homeView(facts);
  expect(blocks.length).toBeLessThanOrEqual(100);
  let id = 0;
  acceptBlocks(JSON.parse(JSON.stringify(blocks)) as Json, 'home', () => `id${(id += 1)}`);
  return JSON.stringify(blocks);
};
const asked = (changes: Partial<WaitingApproval> = {}): WaitingApproval => ({
  ...{ approval: anApproval(liveRun(estate)).approval, requested_by: 'slack:U01ANA', voted: [], run: 'recover api' },
  ...{ place: { channel: 'C0INC12', ts: '1.1' } },
  ...changes,
});
const page = (changes: Partial<WaitingPage> = {}): WaitingPage => ({
  ...{ dedup_key: 'a/on-call', ladder: 1, level: 0, role: 'on-call', people: ['ana'], say: null },
  ...{ incident_id: 12, state: 'triggered', created_at: at(5) },
  ...changes,
});

test('shows approvals only to whoever may give them and did not yet', () => {
  const seen = (actor: string, changes: Partial<WaitingApproval> = {}) =>
    look({ actor, incidents: [anIncident()], approvals: [asked(changes)] });
  expect(seen('slack:U01CLEO')).toMatch(/Your approval in recover api.*"Review"/);
  expect(seen('slack:U01DAN')).toContain('Nothing waits for you');
  expect(seen('slack:U01CLEO', { requested_by: 'slack:U01CLEO' })).toContain('Nothing waits for you');
  expect(seen('slack:U01CLEO', { voted: ['slack:U01CLEO'] })).toContain('Nothing waits for you');
  const task = { ...asked().approval, kind: 'manual' as const };
  expect(seen('slack:U01BEN', { approval: task })).toContain('A task for you');
});

test('whoever was given the role in the incident is asked, and not who holds it elsewhere', () => {
  const assigned = [{ incident_id: 12, role: 'incident-commander', person: 'slack:U01DAN' }];
  const seen = (actor: string) => look({ actor, incidents: [anIncident()], approvals: [asked()], assigned });
  expect(seen('slack:U01DAN')).toMatch(/Your approval.*you are Incident commander/);
  expect(seen('slack:U01CLEO')).toContain('Nothing waits for you');
});

test('shows my pages with the button that answers, and none of others', () => {
  expect(look({ incidents: [anIncident()], pages: [page()] })).toMatch(
    /You are paged as On call for \*INC-12\*.*"Acknowledge"/i,
  );
  expect(look({ incidents: [anIncident()], pages: [page({ people: ['ben'], role: 'secondary' })] })).toContain(
    'Nothing waits',
  );
  const scheduled = { 'on-call': { kind: 'named' as const, people: ['ben'] } };
  expect(look({ incidents: [anIncident()], pages: [page({ people: [] })], scheduled })).toContain(
    'Nothing waits for you',
  );
});

test('says who is on call until when, and of each service what is known', () => {
  const scheduled = { 'on-call': { kind: 'named' as const, people: ['ana'], until: at(60) } };
  const looks = [{ look: lookOf('database', [{ id: 'up', state: 'green', reason: null }]), at: at(20) }];
  const text = look({ scheduled, looks });
  expect(text).toMatch(/on-call\*: <@U01ANA> until <!date\^/);
  expect(text).toMatch(/`database`: healthy, <!date/);
  expect(text).toContain('`api`: not looked at');
  expect(look({ looks, incidents: [anIncident({ service: 'database' })] })).toMatch(/`database`: hit by INC-12 \(P1\)/);
});

test('a big estate on its worst day still fits, and says how much is not shown', () => {
  const many = structuredClone(estate);
  const [first] = Object.values(many.services);
  for (let n = 0; n < 300; n += 1) many.services[`service-${n}`] = { ...first!, depends_on: [] };
  for (let n = 0; n < 60; n += 1) many.roles[`role-${n}`] = { people: ['ana'], pagerduty_schedule: `P${n}` };
  const title = '<!channel> `x` \u202E'.repeat(8);
  const incidents = Array.from({ length: 100 }, (_, n) =>
    anIncident({ id: n + 1, title, ...(n >= 50 && { acknowledged_by: null }) }),
  );
  const pages = Array.from({ length: 200 }, (_, n) => page({ incident_id: (n % 100) + 1 }));
  const text = look({ estate: many, incidents, pages });
  expect(text).not.toContain('<!channel>');
  expect(text.match(/… \d+ more/g)).toHaveLength(5);
});
