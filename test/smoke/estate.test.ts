import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ESTATE } from '../support/estates/copy.ts';
import { expectLogs } from '../support/expected-logs.ts';
import { said, startProgram, type Program } from '../support/program-world.ts';
import { freePort } from '../support/free-port.ts';
import { waitFor } from '../support/wait-for.ts';

const CONSENT = `description: asks the people of the database
steps:
  - id: consent
    name: May it?
    uses: approval
    with: { approvers: [database], exclude_requester: false }
`;

expectLogs(/"msg":"estate reload refused"|The file is refused, so the estate stays as it was/);

let program: Program;
beforeAll(async () => {
  program = await startProgram({ runbooks: { 'hold-consent': CONSENT } });
});
afterAll(() => program.stop());

const file = (): string => join(program.estate.folder, ESTATE);
const change = (from: string, to: string): void => {
  const text = readFileSync(file(), 'utf8');
  if (!text.includes(from)) throw new Error(`no ${from}`);
  writeFileSync(file(), text.replace(from, to));
};
const contacts = async (): Promise<string> => said(await program.dr('ana', 'contacts'));

test('reads the estate again on command, by people of the estate alone', async () => {
  change('Ana Ito', 'Ana Novak');
  expect((await program.dr('ben', 'estate reload')).text).toMatch(/^The estate is reloaded/);
  expect((await program.dr('ben', 'estate reload')).text).toMatch(/^Nothing changed/);
  expect(await contacts()).toContain('Ana Novak');
});

test('keeps the old estate when the file is broken, and says where and why', async () => {
  change('owner: database', 'owner: databse');
  const refused = (await program.dr('ben', 'estate reload')).text;
  expect(refused).toMatch(/^The file is refused, so the estate stays as it was:\n• .*small\.yaml:\d+:\d+: .*databse/);
  expect(refused).toContain('database');
  expect(await contacts()).toContain('Ana Novak');
  change('owner: databse', 'owner: database');
});

test('reads it again on SIGHUP, and goes on with the old one when that is broken', async () => {
  change('Ana Novak', 'Ana Lopez');
  program.process().signal('SIGHUP');
  await waitFor('the new name', async () => (await contacts()).includes('Ana Lopez'));
  change('Ana Lopez', 'Ana Abe');
  change('tier: 2', 'tear: 2');
  program.process().signal('SIGHUP');
  await waitFor('the refusal', () => program.logs().some(({ msg }) => msg === 'estate reload refused'));
  expect(await contacts()).toContain('Ana Lopez');
  expect((await fetch(`${program.world.privateUrl}/readyz`)).status).toBe(200);
  change('tear: 2', 'tier: 2');
});

test('a new person may act from the reload on, and a removed one no more', async () => {
  program.world.workspace.addUser({ id: 'U0EVE', name: 'eve' });
  const { channel } = await program.declare('P3 A chair wobbles');
  expect((await program.dr('eve', 'ack', channel)).text).toMatch(/the estate does not list you/);
  change('people:\n', 'people:\n  eve: { name: Eve Sato, slack: U0EVE, email: eve@example.com }\n');
  expect((await program.dr('ana', 'estate reload')).text).toMatch(/^The estate is reloaded/);
  expect((await program.dr('eve', 'ack', channel)).text).toMatch(/^You acknowledged/);
});

test('somebody taken out of a role cannot approve through another bot', async () => {
  const { channel } = await program.declare('P2 A second bot');
  const asked = said(await program.dr('ana', 'run hold-consent', channel));
  expect(asked).toMatch(/has begun/);
  const waiting = () => program.rows<{ id: string }>(`select id from approval where state = 'open'`);
  await waitFor('the request', async () => (await waiting()).length === 1);
  const posted = `select 1 from effect where kind = 'approval.post' and state = 'done'`;
  await waitFor('it to be shown whole', async () => (await program.rows(posted)).length === 1);
  const port = await freePort();
  await program.start(['bot'], { PORT: String(port) });
  const { workspace, url } = program.world;
  // The first bot reloads; the second one gets the command right behind it.
  change('database: { people: [ben, dan] }', 'database: { people: [dan] }');
  expect((await program.dr('cleo', 'estate reload')).text).toMatch(/every process of Lifeboat/);
  workspace.requestUrl = `http://127.0.0.1:${port}/slack/events`;
  try {
    expect(said(await program.dr('ben', 'approve', channel))).toMatch(/database|role|may/);
    expect(await waiting()).toHaveLength(1);
    expect((await program.rows('select person from approval_decision')).length).toBe(0);
    expect(said(await program.dr('dan', 'approve', channel))).not.toMatch(/:no_entry:/);
  } finally {
    workspace.requestUrl = `${url}/slack/events`;
  }
  const [vote] = await program.rows(
    'select estate_digest = estate_in_use() as current from approval_decision where person = $1',
    ['slack:U01DAN'],
  );
  expect(vote).toEqual({ current: true });
  expect(await waiting()).toEqual([]);
});
