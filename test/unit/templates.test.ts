import { beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { approvalRequest } from '../../templates/approval-request.ts';
import { incidentCard } from '../../templates/incident-card.ts';
import { statusText } from '../../templates/status.ts';
import { messageContext } from '../../templates/context.ts';
import { loadTemplates, type Templates } from '../../templates/engine.ts';
import {
  anApproval,
  anIncident,
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

const NAMES = Object.keys(PARAMS) as TemplateName[];
const render = (name: TemplateName) => templates.render(name, factsFor(name, estate), PARAMS[name]);

describe('every template', () => {
  test('is known here, and no template is missing', () => {
    expect([...templates.all.keys()].filter((name) => !name.includes('.')).sort()).toEqual([...NAMES].sort());
  });

  test.each(NAMES)('%s says this', (name) => {
    const message = render(name);
    accept(message);
    expect(`\n${readable(message)}\n`).toMatchSnapshot();
  });

  test.each(NAMES)('%s says the same when it is asked twice', (name) => {
    expect(render(name)).toEqual(render(name));
  });

  test.each(NAMES)('%s refuses with the name of each required field that is missing', (name) => {
    const template = templates.all.get(name)!;
    expect(template.required.length).toBeGreaterThan(0);
    for (const path of template.required) {
      const context = messageContext(factsFor(name, estate), PARAMS[name]);
      const [group, field] = path.split('.') as ['params', 'role'];
      for (const nothing of [null, '', []]) {
        const without = { ...context, [group]: { ...context[group], [field]: nothing } };
        expect(() => template.render(without)).toThrow(`template \`${name}\` needs \`${path}\`, which is missing`);
      }
    }
  });

  test.each(NAMES.filter((name) => Object.keys(PARAMS[name]).length > 0))(
    '%s still renders or names a field when its parameters are gone',
    (name) => {
      const bare = { ...PARAMS[name] } as Record<string, string>;
      for (const key of Object.keys(bare)) {
        const rest = Object.fromEntries(Object.entries(bare).filter(([each]) => each !== key));
        try {
          accept(templates.render(name, factsFor(name, estate), rest));
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining(`template \`${name}\``) });
        }
      }
    },
  );
});

test('a template that nobody wrote is an error that lists those that exist', () => {
  expect(() => templates.render('hello', facts(estate), {})).toThrow('there is no template `hello`');
});

test('a message about a run that its facts do not hold is refused', () => {
  expect(() => templates.render('run-started', facts(estate), { run: 99 })).toThrow('run 99');
});

describe('the incident notification', () => {
  test('says what is not known instead of leaving it out', () => {
    const incident = anIncident({ service: null, acknowledged_by: null, acknowledged_at: null, channel: null });
    const text = readable(
      templates.render('incident-notification', facts(estate, { incident, roles: [], runs: [] }), {}),
    );
    expect(text).toContain('Not known yet: no service was named');
    expect(text).toContain('Nobody has acknowledged for 35 minutes.');
    expect(text).toContain('*Contact:* <@U01ANA> (On call)');
  });
});

describe('the status update', () => {
  test('puts what a person wrote first, as a quotation', () => {
    const params = { text: 'First line.\nSecond line.', actor: 'slack:U01CLEO' };
    const text = readable(templates.render('status-update', facts(estate), params));
    expect(text).toContain('>First line.\n>Second line.');
    expect(text).toContain('Written by Cleo Diaz');
  });

  test('says when the target is missed', () => {
    const late = facts(estate, { now: new Date('2026-11-20T08:19:00Z') });
    expect(readable(templates.render('status-update', late, PARAMS['status-update']))).toContain(
      '*Target:* :warning: missed, was <!date^1795158840^',
    );
  });
});

describe('the recovery notification', () => {
  test('says plainly when no run took part', () => {
    const bare = facts(estate, { incident: resolvedIncident(), runs: [finishedRun(estate, 'failed')], approvals: [] });
    const text = readable(templates.render('recovery-details', bare, {}));
    expect(text).toContain('No run of Lifeboat took part; people resolved it by hand.');
    expect(text).toContain('Not verified:*\n• `api` was not checked: nobody looked at its checks');
  });

  test('without a resolution is not sent', () => {
    const bare = facts(estate, { incident: resolvedIncident({ resolution: null }) });
    expect(() => templates.render('recovery-notification', bare, {})).toThrow('needs `brief.resolution`');
  });
});

describe('a paused run', () => {
  test('has buttons for what would work, and none once it goes on', () => {
    const paused = render('run-paused').blocks?.filter((block) => block.type === 'actions');
    expect(JSON.stringify(paused)).toMatch(/retry.*skip.*abort/);
    const message = templates.render('run-paused', facts(estate), PARAMS['run-paused']);
    expect(message.blocks?.some((block) => block.type === 'actions')).toBe(false);
    expect(readable(message)).toContain('By now it is under way');
  });
});

test('a page that goes out at once does not speak of waiting in vain', () => {
  const atOnce = templates.render('escalation', factsFor('escalation', estate), {
    ...PARAMS.escalation,
    after_ms: null,
  });
  expect(readable(atOnce)).toContain('needs an answer: escalation level');
  expect(readable(atOnce)).not.toContain('without an answer');
});

test('a run that stands at a refused consent does not speak of skipping it', () => {
  const paused = pausedRun(estate);
  const row = paused.live[0]!;
  const denied = { ...paused, live: [{ ...row, step_id: 'api/consent', state: 'failed' as const, error: 'denied' }] };
  const message = templates.render(
    'run-paused',
    facts(estate, { runs: [denied], approvals: [] }),
    PARAMS['run-paused'],
  );
  expect(readable(message)).toContain('*Retry* runs the step again');
  expect(readable(message)).not.toContain('Skip');
});

test('what only looks is no action that was taken', () => {
  const message = render('recovery-notification');
  const [, taken = ''] = readable(message).split('*Actions taken*');
  expect(taken.split('*Verification*')[0]).not.toContain('api/look');
});

test('whoever is paged after somebody acknowledged reads that an answer is asked for, and has the button', () => {
  const page = { ...PARAMS.page, role: 'database' };
  const asked = { ...page, ladder: 0, level: 0, people: ['ben'], say: null };
  const words = (state: 'triggered' | 'acknowledged') =>
    readable(templates.render('page', facts(estate, { pages: [{ ...asked, state }] }), page));
  expect(words('triggered')).toMatch(
    /acknowledged it before; you are asked for as well\.[\s\S]*\[Acknowledge\] ack=12/,
  );
  expect(words('acknowledged')).toMatch(/has acknowledged it already\./);
  expect(words('acknowledged')).not.toContain('[Acknowledge]');
});

test.each(NAMES)('%s can still be said when a reload took away all that the incident names', (name) => {
  const shrunk = { ...estate, people: {}, roles: {}, services: {}, audiences: {}, runbooks: {}, sites: {} };
  const seen = { ...factsFor(name, estate), estate: { ...shrunk, escalation_policies: {} } };
  accept(templates.render(name, seen, PARAMS[name]));
  accept(incidentCard(seen));
  accept(statusText(seen));
  for (const run of seen.runs) accept(approvalRequest(anApproval(run), seen.estate, seen.now, null));
});
