import { describe, expect, it } from 'vitest';
import { readPagerEvent, WEBHOOK } from '../../src/web/pagerduty-event.ts';
import { anEstate } from '../support/domain-fixtures.ts';

const user = (id: string, summary: string) => ({ id, type: 'user_reference', summary });
const ZOE = user('PZOE001', 'Zoe Park');
const service = { id: 'PSERV', type: 'service_reference', summary: 'Power' };
const own = { id: 'PINTEGR', type: 'events_api_v2_inbound_integration_reference', summary: 'Power' };
const data = { id: 'Q1', incident_key: 'shop/1.0/on-call', status: 'triggered' };
const read = (event_type: string, agent: object | null, more: object = {}) =>
  readPagerEvent(
    WEBHOOK.parse({ event: { id: 'E1', event_type, agent, data: { ...data, ...more } } }).event,
    anEstate(),
  );

describe('a webhook of PagerDuty', () => {
  it('names people of the estate by their place in it, and others as PagerDuty does', () => {
    const assignees = [user('PANA001', 'Ana Ito'), ZOE];
    expect(read('incident.reassigned', ZOE, { assignees })).toEqual({
      actor: 'pagerduty:PZOE001:Zoe Park',
      of: { dedup_key: 'shop/1.0/on-call', pager_id: 'Q1' },
      news: {
        ...{ kind: 'reassigned', actor: 'pagerduty:PZOE001:Zoe Park', status: 'triggered', text: null },
        people: ['ana', 'pagerduty:PZOE001:Zoe Park'],
      },
    });
  });

  it.each(['unacknowledged', 'escalated', 'resolved'])('takes what PagerDuty does by itself: %s', (kind) => {
    for (const agent of [service, null]) {
      expect(read(`incident.${kind}`, agent)?.news).toMatchObject({ kind, actor: 'pagerduty' });
    }
  });

  it('takes no answer from a machine, and nothing that Lifeboat itself sent', () => {
    expect(read('incident.acknowledged', service)).toBeNull();
    expect(read('incident.acknowledged', own)).toBeNull();
    expect(read('incident.resolved', own)).toBeNull();
    expect(read('incident.triggered', own)).toMatchObject({ news: null, of: { pager_id: 'Q1' } });
    expect(read('incident.workflow.started', ZOE)).toBeNull();
  });

  it('reads a note, which names its incident beside it, and a priority', () => {
    const note = {
      id: 'N1',
      incident_key: undefined,
      content: 'Hm',
      incident: { id: 'Q9', type: 'incident_reference' },
    };
    expect(read('incident.annotated', ZOE, note)).toMatchObject({
      ...{ of: { dedup_key: null, pager_id: 'Q9' }, news: { kind: 'annotated', text: 'Hm' } },
    });
    expect(read('incident.priority_updated', ZOE, { priority: { summary: 'P1' } })?.news?.text).toBe('P1');
    expect(read('incident.priority_updated', ZOE, { priority: null })?.news?.text).toBeNull();
  });
});
