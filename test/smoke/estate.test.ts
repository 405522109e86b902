import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ESTATE } from '../support/estates/copy.ts';
import { said, startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
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
