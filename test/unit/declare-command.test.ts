import { beforeAll, expect, test } from 'vitest';
import { declare, pagedNow } from '../../commands/declare.ts';
import { who } from '../../commands/people.ts';
import type { Call, CommandDeps } from '../../commands/command.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { anIncident } from '../support/facts.ts';

let deps: CommandDeps;
let estate: Estate;
beforeAll(async () => {
  const loaded = await loadEstate('examples/erlmcp/estate.yaml');
  if (!loaded.ok) throw new Error('the estate has problems');
  estate = loaded.estate;
  deps = { estate: () => estate } as CommandDeps;
});

const call = (args: string): Call => ({
  request: { key: 'k', actor: 'slack:U01ANA' },
  args,
  named: null,
  channel: null,
});

test('a severity that does not exist is refused instead of becoming part of the title', async () => {
  await expect(declare.run(call('P7 Gateway is down'), deps)).rejects.toMatchObject({
    message: '`P7` is no severity',
    fix: expect.stringContaining('`P0` Critical') as string,
  });
});

test('a declaration says whom it wakes, and says so when that is nobody', () => {
  expect(pagedNow(estate, anIncident({ severity: 'P0' }))).toBe('Paging On-call operations now.');
  expect(pagedNow(estate, anIncident({ severity: 'P3' }))).toBe('Nobody is paged for the first 1d.');
});

test.each([
  ['backup restore fails', 'Backup cannot be restored'],
  ['network', 'Network unreachable'],
  ['the memory leaks', 'Memory leak'],
])('who is called for "%s" is found under "%s"', async (typed, problem) => {
  expect(await who.run(call(typed), deps)).toMatchObject({ text: expect.stringContaining(problem) as string });
});

test('a problem that shares no word with any is answered with those that there are', async () => {
  await expect(Promise.resolve().then(() => who.run(call('zebra'), deps))).rejects.toMatchObject({ code: 'not_found' });
});
