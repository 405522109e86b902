import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadEstate } from '../../src/estate/load.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { said, startProgram, type Program } from '../support/program-world.ts';
import { spawnProgram } from '../support/process.ts';

const FILE = join(ROOT, 'examples/erlmcp/estate.yaml');
let estate: Estate;
let program: Program;
beforeAll(async () => {
  const loaded = await loadEstate(FILE);
  if (!loaded.ok) throw new Error('the estate is refused');
  ({ estate } = loaded);
  program = await startProgram({ estate: FILE });
  const channels = Object.values(estate.audiences).flatMap(({ slack = '' }) =>
    slack.startsWith('#') ? [slack.slice(1)] : [],
  );
  for (const [index, name] of [...new Set(channels)].entries())
    if (!program.world.workspace.channels.some((each) => each.name === name))
      program.world.workspace.addChannel({ id: `C0AUDIENCE${index}`, name });
});
afterAll(() => program.stop());

test('`lifeboat check` finds nothing wrong in the estate that is shipped', async () => {
  const check = spawnProgram(join(ROOT, 'dist/src/cli.js'), ['check', FILE]);
  expect((await check.exit()).code).toBe(0);
});

test('`lifeboat check` names file, line, column, rule and fix of what is wrong', async () => {
  const place = await program.estate.spoil('small.yaml', 'owner: on-call', 'owner: ¦on-cal');
  const check = spawnProgram(join(ROOT, 'dist/src/cli.js'), ['check', join(program.estate.folder, 'small.yaml')]);
  expect((await check.exit()).code).toBe(1);
  expect(check.output()).toContain(place);
  expect(check.output()).toContain('on-call');
});

test('Slack takes the plan of every service, and the answers about people and contacts', async () => {
  const [first = ''] = Object.keys(estate.people);
  const ask = async (words: string): Promise<string> => {
    const reply = await program.dr(first, words);
    expect(reply.error, words).toBeUndefined();
    return said(reply);
  };
  for (const [service, { recover }] of Object.entries(estate.services)) {
    const words = await ask(`plan ${service}`);
    if (recover !== undefined) expect(words, service).toMatch(/Plan `recover /);
  }
  for (const words of ['contacts', 'oncall', 'estate', 'help']) expect(await ask(words)).not.toContain(':no_entry:');
  for (const problem of Object.keys(estate.contacts)) expect(await ask(`who ${problem}`)).toContain(problem);
});

test('declares on the estate that is shipped, and pages by its policy', async () => {
  const [first = ''] = Object.keys(estate.people);
  expect((await program.dr(first, 'declare P0 Primary site lost power')).text).toMatch(/INC-1 declared/);
  await program.world.workspace.waitForChannel('dr-1-primary-site-lost-power');
  await program.world.pager.waitFor(() => true);
  await program.idle();
  expect(await program.rows(`select key, error from effect where state in ('failed', 'unknown')`)).toEqual([]);
});
