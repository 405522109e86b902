import { expect, test } from 'vitest';
import { readMode, takeIncident } from '../../commands/words.ts';
import { channelName } from '../../src/domain/incident/incident.ts';
import { checkRecord } from '../../src/domain/incident/record.ts';
import { ESTATE_SUBJECT, kindOf, label, modeOf, readLabel } from '../../src/domain/incident/subject.ts';
import { chain } from '../../src/domain/incident/timeline.ts';
import { homeFacts, type HomeInput } from '../../src/domain/incident/home.ts';
import { homeView } from '../../templates/home.ts';
import { recordingsText } from '../../templates/recordings.ts';
import { listText, statusText } from '../../templates/status.ts';
import { anIncident, at, facts as factsOf, smallEstate } from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

test.each([
  [7, 'incident', 'live', 'INC-7'],
  [-2, 'drill', 'drill', 'DRILL-2'],
  [ESTATE_SUBJECT, 'estate', 'live', 'Estate'],
] as const)('%i is of the kind %s and the mode %s, and is called %s', (id, kind, mode, name) => {
  expect([kindOf(id), modeOf(id), label(id)]).toEqual([kind, mode, name]);
  if (kind !== 'estate') expect(readLabel(name.toLowerCase())).toBe(id);
});

test.each(['INC-0', 'DRILL-0', 'Estate', 'INC-', 'DRILL--1', 'INC-1234567890', 'xINC-1', ''])(
  '`%s` names neither an incident nor a drill',
  (word) => {
    expect(readLabel(word)).toBeNull();
  },
);

test('a command takes the name of a drill where it takes that of an incident', () => {
  expect(takeIncident('DRILL-3 over')).toEqual({ named: -3, rest: 'over' });
  expect(takeIncident('over drill-3')).toEqual({ named: -3, rest: 'over' });
  expect(takeIncident('as in DRILL-3 before')).toEqual({ named: null, rest: 'as in DRILL-3 before' });
  expect(takeIncident('INC-0')).toEqual({ named: null, rest: 'INC-0' });
});

test('a mode that does not exist keeps nobody from declaring, and a drill that was misspelt wakes nobody', () => {
  expect([null, 'live', 'Drill', '*drill*'].map((typed) => readMode(typed))).toEqual([
    { mode: 'live', known: true },
    { mode: 'live', known: true },
    { mode: 'drill', known: true },
    { mode: 'drill', known: true },
  ]);
  for (const typed of ['dril', 'drlil', 'test', 'exercise', 'dry-run'])
    expect(readMode(typed), typed).toEqual({ mode: 'drill', known: false });
  for (const typed of ['prod', 'urgent', '']) expect(readMode(typed), typed).toEqual({ mode: 'live', known: false });
});

test('the channel of a drill can never be taken for that of an incident', () => {
  expect(channelName(-1, 'Region lost')).toBe('drill-1-region-lost');
  expect(channelName(-1, '???')).toBe('drill-1-drill');
});

test("the estate's own timeline begins with a loaded estate, that of an incident does not", () => {
  const loaded = { kind: 'estate.loaded', actor: 'lifeboat', data: {} };
  const of = (id: number) => {
    const events = chain(id, { seq: 0, hash: '' }, [loaded], at(0));
    return checkRecord({ id, chain_seq: 1, chain_hash: events[0]!.hash, chain_seal: '' }, events, null, []).kind;
  };
  expect([of(ESTATE_SUBJECT), of(7)]).toEqual(['whole', 'broken']);
});

const homeOf = (input: Pick<HomeInput, 'incidents' | 'estate'>) =>
  homeFacts({
    ...{ actor: 'slack:U01ANA', now: at(5), assigned: [], approvals: [], pages: [], scheduled: {}, looks: [] },
    ...input,
  });

test('lists, home and status mark a drill, count it as no incident and link no channel of it', async () => {
  const estate = await smallEstate();
  const drill = anIncident({ id: -1, name: 'drill-1-x', channel: 'drill:drill-1-x' });
  const list = listText([anIncident(), drill], estate, at(5));
  accept(list);
  expect(readable(list)).toMatch(
    /1 incident, 1 open; 1 drill[\s\S]*INC-12[\s\S]*Drills, of which nothing leaves Lifeboat/,
  );
  expect(JSON.stringify(homeView(homeOf({ incidents: [drill], estate })))).toMatch(
    /No incident is open, 1 drill.*DRILL-1.*a drill/,
  );
  const facts = factsOf(estate, { incident: drill });
  for (const each of [list, statusText(facts)]) expect(JSON.stringify(each)).not.toContain('<#drill');
  expect(readable(statusText(facts))).toContain('`/dr deliveries DRILL-1` shows what would have');
});

test('the list of recordings says what went nowhere, to whom, and how many are not shown', () => {
  const one = { call: 'page' as const, target: 'ops', text: 'P1 DRILL-1: <!channel>', body: {}, at: at(1) };
  const message = recordingsText(-1, { total: 3, shown: [one] });
  accept(message);
  expect(readable(message)).toMatch(
    /DRILL-1 would have sent 3 things[\s\S]*\*page\* to ops: P1 DRILL-1: &lt;!channel&gt;/,
  );
  expect(readable(message)).toContain('2 earlier ones are not shown. Nothing of it left Lifeboat.');
  accept(recordingsText(-1, { total: 0, shown: [] }));
});
