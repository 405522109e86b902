import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, wordsIn, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;
let program: Program;
let dark: Declared;
let key = '';
beforeAll(async () => {
  program = await startProgram();
  dark = await program.declare('P0 The lights are out');
  ({ dedup_key: key } = await program.world.pager.waitFor(({ dedup_key }) => dedup_key.endsWith('1.0/on-call')));
  await program.idle();
});
afterAll(() => program.stop());

const said = (words: string): Promise<true> =>
  waitFor(words, () => wordsIn(dark.room).some((each) => each.includes(words)), { timeoutMs: 15_000 });
const incident = async () => (await program.rows(`select acknowledged_by, ladder from incident where id = 1`))[0];

test('what people do in PagerDuty comes back as what it is, by the names that PagerDuty gives', async () => {
  const { pager } = program.world;
  await pager.annotate(key, 'The generator does not start', { by: 'PBEN001' });
  await said('The generator does not start');
  await pager.prioritise(key, 'P1 Sev', { by: 'PANA001' });
  await said('set the priority in PagerDuty to P1 Sev');
  await pager.reassign(key, 'PBEN001', { by: 'PANA001' });
  await said('gave the page to On call');
  const [page] = await program.rows<{ people: string[] }>('select people from page');
  expect(page?.people).toEqual(['pagerduty:PBEN001:Ben Okoro']); // the estate does not know his PagerDuty user
  await said('to Ben Okoro in PagerDuty');
  expect(wordsIn(dark.room).join('\n')).not.toMatch(/pagerduty:|PANA001|PBEN001/);
});

test('an acknowledgement that runs out there lets the ladder climb on from where it was', async () => {
  const { pager } = program.world;
  await pager.acknowledge(key, { by: 'PBEN001' });
  await waitFor('the answer', async () => (await incident())?.['acknowledged_by'] !== null);
  await program.pass(30 * MINUTE);
  await program.idle();
  expect(pager.alerts().map(({ dedup_key }) => dedup_key)).toEqual([key]); // nobody new while it held
  await pager.unacknowledge(key, { by: null });
  await said('The answer to the page to On call was taken back in PagerDuty');
  expect(await incident()).toMatchObject({ acknowledged_by: null, ladder: 2 });
  await program.idle();
  expect(pager.alerts()).toHaveLength(1); // the next level has its minutes left
  await program.pass(5 * MINUTE);
  await pager.waitFor(({ dedup_key }) => dedup_key.endsWith('2.1/secondary'));
  expect(pager.alerts()).toHaveLength(2);
});

test('what PagerDuty resolves or reopens after the end is told, and changes nothing here', async () => {
  const { pager } = program.world;
  await program.dr('ana', 'ack', dark.channel);
  await program.dr('ana', 'resolve Lit again', dark.channel);
  await pager.waitFor(({ dedup_key, status }) => dedup_key === key && status === 'resolved');
  await pager.reopen(key, { by: 'PANA001' });
  await said('stays resolved here');
  const [row] = await program.rows(`select state from incident where id = 1`);
  expect(row).toEqual({ state: 'resolved' });
  await program.idle();
  // The note that Lifeboat wrote at the end came back, and is nobody's news.
  expect(wordsIn(dark.room).filter((each) => each.includes('noted in PagerDuty'))).toHaveLength(1);
});
