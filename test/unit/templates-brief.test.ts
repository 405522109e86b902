import { beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { detailFor } from '../../src/domain/incident/detail.ts';
import type { IncidentFacts } from '../../src/domain/incident/facts.ts';
import { loadTemplates, type Templates } from '../../templates/engine.ts';
import { createLiquid } from '../../templates/liquid.ts';
import { compileTemplate } from '../../templates/template.ts';
import {
  anIncident,
  at,
  facts,
  factsFor,
  finishedRun,
  PARAMS,
  pausedRun,
  resolvedIncident,
  smallEstate,
  type TemplateName,
} from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

let estate: Estate;
let templates: Templates;
beforeAll(async () => {
  [estate, templates] = await Promise.all([smallEstate(), loadTemplates()]);
});

/** What the decisions post to channels of audiences. */
const BRIEF: (TemplateName | 'escalated')[] = [
  'escalated',
  'severity-changed',
  'incident-notification',
  'status-update',
  'no-change',
  'recovery-notification',
  'step-notice',
  'continued',
  'reopened',
  'merged',
  'service-changed',
];

/** The whole has a message of its own where a level is reached. */
const paramsOf = (name: TemplateName | 'escalated') =>
  name === 'escalated' ? { level: 3, since: '2026-11-20T03:14:00.000Z' } : PARAMS[name];

const states = (name: TemplateName | 'escalated'): IncidentFacts[] => [
  factsFor(name === 'escalated' ? 'escalation' : name, estate),
  // A notice is one run's.
  ...(name === 'step-notice' ? [] : others()),
];

const others = (): IncidentFacts[] => [
  facts(estate, { runs: [pausedRun(estate)], approvals: [] }),
  facts(estate, { runs: [finishedRun(estate, 'failed')], approvals: [] }),
  facts(estate, { incident: anIncident({ acknowledged_at: null, acknowledged_by: null }), runs: [], roles: [] }),
  facts(estate, {
    incident: anIncident({ expected_at: at(80), expected_by: 'slack:U01ANA', expected_said_at: at(34) }),
  }),
];

test.each([
  ['incident', 'full'],
  ['U01ANA', 'full'],
  ['#leadership', 'brief'],
  ['C0123', 'brief'],
])('who reads in %s reads the %s', (to, detail) => {
  expect(detailFor(to)).toBe(detail);
});

describe.each(BRIEF)('the brief of %s', (name) => {
  const shown = () =>
    states(name)
      .filter(({ incident }) => name !== 'recovery-notification' || incident.state === 'resolved')
      .map((each) => templates.render(name, each, paramsOf(name), 'brief'));

  test('says this', () => {
    for (const message of shown()) {
      accept(message);
      expect(`\n${readable(message)}\n`).toMatchSnapshot();
    }
  });

  test('names no step, command, check, address, run or id, and mentions nobody', () => {
    const steps = [...new Set(facts(estate).runs.flatMap(({ plan }) => plan.steps.map((step) => step.id)))];
    expect(steps.length).toBeGreaterThan(3);
    for (const message of shown()) {
      const text = readable(message);
      for (const step of steps) expect(text).not.toContain(step);
      expect(text).not.toMatch(/\/dr |<@|https?:|127\.0\.0\.1|`|\brun \d/);
    }
  });
});

test.each([
  ['now.status', 'brief'],
  ['now.running', 'brief'],
  ['run.failed', 'brief'],
  ['recovery.actions', 'brief'],
  ['people.contact', 'brief'],
  ['params.step', 'brief'],
  ['incident.title', 'public'],
  ['brief.text', 'public'],
  ['brief.contact', 'public'],
])('a template may not say %s to whoever reads the %s', (field, detail) => {
  const source = `---\nname: hello\ndetail: ${detail}\naudience: a test\nrequired: [incident.label]\nsummary: Hello\n---\n{{ ${field} }}\n`;
  expect(() => compileTemplate(createLiquid(), 'hello.slack.liquid', source)).toThrow(
    `a ${detail} template may not say \`${field}\``,
  );
});

test('the public reads neither the title nor a name', () => {
  const text = readable(templates.render('status-update', facts(estate), PARAMS['status-update'], 'public'));
  expect(text).toContain('We are restoring it.');
  expect(text).not.toMatch(/checkout|Cleo|Ana|<@/);
});

test('a reader without a template of their own detail is an error, never the full one', () => {
  expect(() => templates.render('run-paused', facts(estate), PARAMS['run-paused'], 'brief')).toThrow(
    'there is no template `run-paused.brief`',
  );
});

test.each(['full', 'brief'] as const)('that it is resolved takes at most 8 lines in the %s', (detail) => {
  const long = resolvedIncident({ resolution: 'It was restarted. '.repeat(200) });
  const reason = { reason: 'the checks are wrong', looks: [], needed: ['api'] };
  const message = templates.render(
    'recovery-notification',
    { ...factsFor('recovery-notification', estate), incident: long },
    reason,
    detail,
  );
  const lines = readable(message).split('\n').slice(1);
  expect(lines.length).toBeLessThanOrEqual(8);
  expect(lines.every((line) => line.length < 700)).toBe(true);
});

test('an automatic update mentions nobody, whatever it tells', () => {
  for (const each of states('status-update')) {
    const text = readable(templates.render('status-update', each, PARAMS['status-update']));
    expect(text).not.toContain('<@');
  }
  expect(readable(templates.render('status-update', facts(estate), PARAMS['status-update']))).toContain('Cleo');
});
