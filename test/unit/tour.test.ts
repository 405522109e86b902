import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadEstate } from '../../src/estate/load.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import type { ServiceTile } from '@lifeboat/sandbox/page/protocol';
import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';
import { Tour } from '@lifeboat/sandbox/tour';

const loaded = await loadEstate(join(ROOT, 'examples/erlmcp/estate.yaml'));
if (!loaded.ok) throw new Error('the example is refused');
const { estate } = loaded;

const tile = (health: ServiceTile['health'], broken: ServiceTile['broken']): ServiceTile => ({
  ...{ id: 'api-gateway', name: 'API gateway', site: 'us-east-1', tier: 1, port: 1, depends_on: [], pid: 1 },
  ...{ health, broken, reason: '', remedy: '' },
});
const message = (key: string, header: string): SlackMessage => ({
  ...{ channel: 'C1', ts: '1.1', text: '', user: 'U0', posted_at: 1, edits: 0 },
  blocks: [{ type: 'header', text: { type: 'plain_text', text: header } }],
  metadata: { event_type: 'lifeboat', event_payload: { key } },
});
const ticked = (tour: Tour) => tour.list().flatMap(({ id, done }) => (done ? [id] : []));

it('ticks a step when it is seen to have happened, and tells it once', () => {
  const tour = new Tour(estate, []);
  const told: number[] = [];
  tour.on('change', (steps) => told.push(steps.filter(({ done }) => done).length));
  tour.service(tile('down', 'kill'));
  tour.message(message('card:1:first', ':large_orange_circle: INC-1'));
  tour.page({ status: 'triggered' });
  tour.page({ status: 'acknowledged' });
  tour.message(message('post:1:run-started:1:incident', ''));
  tour.message(message('approval:1/consent:post', ':white_check_mark: INC-1, run 1'));
  tour.message(message('card:1:first', ':white_check_mark: INC-1'));
  tour.message(message('card:1:first', ':white_check_mark: INC-1'));
  expect(ticked(tour)).toEqual(['break', 'declare', 'acknowledge', 'recover', 'approve', 'resolve']);
  expect(told).toEqual([1, 2, 3, 4, 5, 6]);
});

it('ticks nothing for what only looks like it', () => {
  const tour = new Tour(estate, []);
  tour.service(tile('down', null)); // it has not come up yet
  tour.service(tile('up', 'slow'));
  tour.message(message('approval:1/consent:post', ':raised_hand: INC-1, run 1'));
  tour.message({ ...message('', ''), metadata: { event_type: 'x', event_payload: {} } });
  expect(ticked(tour)).toEqual([]);
});

it('remembers what was done before, and names people and services of the estate', () => {
  const tour = new Tour(estate, ['break', 'declare']);
  expect(ticked(tour)).toEqual(['break', 'declare']);
  expect(tour.list()[4]?.how).toContain('Cleo Diaz');
  expect(tour.list()[4]?.go).toEqual({ actAs: estate.people['cleo']?.slack });
  expect(tour.list()[3]?.how).toContain('`/dr recover api-gateway`');
});
