import { beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { incidentCard } from '../../templates/incident-card.ts';
import { listText, statusText } from '../../templates/status.ts';
import {
  anApproval,
  anIncident,
  at,
  facts,
  finishedRun,
  liveRun,
  pausedRun,
  resolvedIncident,
  smallEstate,
} from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});

/** The action ids of a message's buttons, in order. */
const buttons = (message: ReturnType<typeof incidentCard>): string[] =>
  (message.blocks ?? []).flatMap((block) =>
    block.type === 'actions' ? block.elements.map((each) => ('action_id' in each ? (each.action_id ?? '') : '')) : [],
  );

const fresh = { acknowledged_by: null, acknowledged_at: null, last_update: null };
const young = () =>
  facts(estate, { now: at(1), incident: anIncident(fresh), roles: [], runs: [], approvals: [], pages: [] });

describe('the card', () => {
  test.each([
    ['a new incident', () => young()],
    ['an incident under way', () => facts(estate)],
    ['a paused run', () => facts(estate, { runs: [pausedRun(estate)], approvals: [] })],
    ['an overdue incident', () => facts(estate, { now: at(300), deliveries: { pending: 3, failed: 1, unknown: 2 } })],
    [
      'a resolved incident',
      () => facts(estate, { incident: resolvedIncident(), runs: [finishedRun(estate)], approvals: [] }),
    ],
  ])('of %s', (_, make) => {
    const card = incidentCard(make());
    accept(card);
    expect(`\n${readable(card)}\n`).toMatchSnapshot();
  });

  test('has three or four buttons that would do something in its state', () => {
    expect(buttons(incidentCard(young()))).toEqual(['ack', 'update', 'command', 'recover']);
    const commanded = { ...young(), incident: anIncident(), roles: facts(estate).roles };
    expect(buttons(incidentCard(commanded))).toEqual(['update', 'recover', 'resolve']);
    const paused = pausedRun(estate);
    const byHand = { ...paused, live: [] };
    expect(buttons(incidentCard(facts(estate, { runs: [byHand], approvals: [] })))).toEqual(['resume', 'update']);
    expect(buttons(incidentCard(facts(estate, { runs: [paused], approvals: [] })))).toEqual([
      'retry',
      'skip',
      'abort',
      'update',
    ]);
    expect(buttons(incidentCard(facts(estate, { incident: resolvedIncident() })))).toEqual(['close']);
    expect(buttons(incidentCard(facts(estate, { incident: resolvedIncident({ state: 'closed' }) })))).toEqual([]);
  });

  test('leads to an open consent where its message is known', () => {
    const approval = { ...anApproval(liveRun(estate)), place: { channel: 'C0INC12', ts: '1795146300.000200' } };
    const card = incidentCard(facts(estate, { approvals: [approval] }));
    expect(readable(card)).toContain(
      '[Review request] open=https://slack.com/app_redirect?channel=C0INC12&message_ts=',
    );
  });

  test('does not offer to recover a service that no runbook recovers', () => {
    const incident = anIncident({ ...fresh, service: 'shop-front' });
    expect(buttons(incidentCard({ ...young(), incident }))).toEqual(['ack', 'update', 'command']);
  });
});

describe('the answer to /dr status', () => {
  test('adds to the card what is next, what is not known and each send that is not through', () => {
    const send = { kind: 'pager.send', key: 'pager:k:trigger', attempts: 4, error: '503', due_at: at(36) };
    const message = statusText(facts(estate, { runs: [liveRun(estate), finishedRun(estate)] }), [
      { ...send, state: 'pending' },
      { ...send, state: 'failed' },
      { ...send, state: 'unknown' },
    ]);
    accept(message);
    expect(`\n${readable(message)}\n`).toMatchSnapshot();
  });
});

test('once a run has brought the service back, its success is said and resolving is what comes next', () => {
  const message = statusText(facts(estate, { runs: [finishedRun(estate)], approvals: [] }));
  expect(readable(message)).toMatch(/is on it; run 6 `recover api` succeeded\./);
  expect(readable(message)).toContain('Is all well again? Resolve it');
  expect(readable(message)).not.toContain('/dr recover');
});

test('a message that was refused is named by the place that it should have reached', () => {
  const send = { kind: 'message.post', key: 'post:1:notice:declared:#executives', attempts: 1, due_at: at(36) };
  const message = statusText(facts(estate), [{ ...send, state: 'failed', error: 'channel_not_found' }]);
  expect(readable(message)).toContain('A message to #executives was refused for good: channel_not_found');
});

describe('the answer to /dr list', () => {
  test('has one line for each incident', () => {
    const message = listText(
      [anIncident(), anIncident({ ...fresh, id: 13, channel: null }), resolvedIncident({ id: 11 })],
      estate,
      at(35),
    );
    accept(message);
    expect(`\n${readable(message)}\n`).toMatchSnapshot();
  });

  test('says how to declare one when there is none', () => {
    expect(listText([], estate, at(0)).text).toContain('/dr declare');
  });

  test('fits into one message however many there are', () => {
    const many = Array.from({ length: 500 }, (_, index) => anIncident({ id: index, title: '&'.repeat(150) }));
    accept(listText(many, estate, at(35)));
  });
});
