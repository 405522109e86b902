import { afterAll, beforeAll, expect, test } from 'vitest';
import { said, startProgram, type Program } from '../support/program-world.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const dr = async (text: string): Promise<string> => said(await program.dr('ana', text));
/** Everything that reached Slack and PagerDuty so far, without the checks of the connection and of who somebody is. */
const outside = (): string[] => [
  ...program.world.workspace
    .requests()
    .filter(({ method }) => !['auth.test', 'users.info', 'apps.connections.open', 'views.open'].includes(method))
    .map((each) => JSON.stringify(each)),
  ...program.world.pager.requests().map((each) => JSON.stringify(each)),
];
const status = async (): Promise<string> => (await fetch(`${program.world.url}/status.json`)).text();

test('a drill that is declared, answered, escalated, updated, resolved and closed sends nothing at all', async () => {
  const before = outside();
  expect(await dr('declare P0 Region lost service:api mode:drill')).toMatch(
    /DRILL-1 declared: nothing leaves Lifeboat[\s\S]*`\/dr deliveries DRILL-1`/,
  );
  await program.idle();
  await program.pass(3_600_000); // levels of the escalation and updates fall due
  await program.idle();
  expect(await dr('ack DRILL-1')).toContain('You acknowledged DRILL-1');
  expect(await dr('update DRILL-1 All is well')).toContain('DRILL-1');
  expect(await dr('page database DRILL-1')).toMatch(/Paging .*\n.*DRILL-1 is a drill: nothing of it leaves Lifeboat/);
  expect(await dr('status DRILL-1')).toMatch(/DRILL-1 P0[\s\S]*a drill: nothing leaves Lifeboat/);
  expect(await dr('list')).toMatch(/Drills, of which nothing leaves Lifeboat[\s\S]*DRILL-1/);
  expect(JSON.parse(await status())).toMatchObject({ state: 'operational', resolved: [] });
  await program.idle();
  expect(await dr('resolve DRILL-1 It went well')).toContain('DRILL-1 is resolved');
  expect(await dr('close DRILL-1')).toContain('DRILL-1 is closed');
  await program.idle();
  expect(outside()).toEqual(before);
  expect(JSON.parse(await status())).toMatchObject({ state: 'operational', resolved: [] });
  expect(await program.rows(`select 1 from effect where mode = 'drill' and state in ('failed', 'unknown')`)).toEqual(
    [],
  );
  expect(await dr('deliveries DRILL-1')).toMatch(/DRILL-1 would have sent \d+ things[\s\S]*It went well/);
  expect(await dr('timeline DRILL-1')).toMatch(
    /declared[\s\S]*confirmed the page[\s\S]*closed[\s\S]*A drill: .*nothing left Lifeboat[\s\S]*The record is whole/,
  );
});

test('a drill runs no steps, and says why and what to do', async () => {
  expect(await dr('declare P1 Again mode:drill')).toContain('DRILL-2 declared');
  for (const words of ['recover DRILL-2 api', 'run restart-api DRILL-2'])
    expect(await dr(words), words).toMatch(/DRILL-2 is a drill and cannot .*\n.*`\/dr plan`/);
  // A slip of the word wakes nobody either.
  expect(await dr('declare P1 Again mode:dril')).toMatch(
    /DRILL-3 declared[\s\S]*no mode `dril`, so it is read as `drill`/,
  );
  expect(await dr('ack')).toMatch(/No incident is open/); // a drill is meant only where it is named
  expect(await dr('ack DRILL-9')).toMatch(/no drill DRILL-9/);
  expect(await dr('declare P3 A chair wobbles')).toContain('INC-1 declared');
  await program.idle();
  expect(await dr('deliveries INC-1')).toMatch(/Everything that INC-1 had to send is through/);
});

test('a form declares a drill too', async () => {
  await program.dr('ana', 'declare');
  const form = program.world.workspace.user('ana').view;
  if (!form) throw new Error('no form');
  await program.world.workspace.user('ana').submit(form, { title: 'By form', severity: 'P3', mode: 'drill' });
  await expect
    .poll(() => program.rows(`select id, title from incident where id = -4`))
    .toEqual([{ id: -4, title: 'By form' }]);
});

test('the estate has a timeline of its own, and a reload is in it with who asked for it', async () => {
  expect(await dr('timeline estate')).toMatch(/process \d+ on .* made the estate[\s\S]*sealed with a key/);
  await program.estate.spoil('small.yaml', 'Ana Ito', 'Ana Novak');
  expect(await dr('estate reload')).toContain('The estate is reloaded');
  expect(await dr('timeline estate')).toMatch(/U01ANA.* made the estate/);
  for (const words of ['ack INC-0', 'close INC-0', 'status INC-0'])
    expect(await dr(words), words).not.toMatch(/Estate/);
});
