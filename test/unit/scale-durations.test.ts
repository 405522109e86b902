import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scaleDurations } from '../../src/domain/estate/scale-durations.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { ROOT } from '../../src/runtime/paths.ts';

const loaded = await loadEstate(join(ROOT, 'examples/erlmcp/estate.yaml'));
if (!loaded.ok) throw new Error('the example is refused');
const { estate } = loaded;
const stepOf = (of: typeof estate, runbook: string, id: string) =>
  of.runbooks[runbook]?.steps.find((step) => step.id === id);

it('fits an hour into a minute at sixty times the speed', () => {
  const quick = scaleDurations(estate, 60);
  expect(quick.severities.P0).toMatchObject({ rto: 60_000, rpo: 15_000, respond_within: 5000, update_every: 15_000 });
  expect(quick.escalation_policies['critical']?.levels.map(({ after }) => after)).toEqual([0, 5000, 15_000, 30_000]);
  expect(quick.escalation_policies['critical']?.patience).toBe(15_000);
  expect(quick.services['authentication']).toMatchObject({ rto: 15_000, recovery_time: 15_000 });
});

it('leaves alone what machines take, and everything at the speed of life', () => {
  const quick = scaleDurations(estate, 60);
  const [before, after] = [estate, quick].map((each) => stepOf(each, 'restart-api-gateway', 'health'));
  expect(after).toEqual(before);
  expect(quick.services['authentication']?.checks).toEqual(estate.services['authentication']?.checks);
  expect(scaleDurations(estate, 1)).toBe(estate);
});

it('leaves whoever decides at least a minute, and never more than the estate gives', () => {
  expect(stepOf(scaleDurations(estate, 5), 'restart-api-gateway', 'consent')?.with['timeout']).toBe(120_000);
  expect(stepOf(scaleDurations(estate, 60), 'restart-api-gateway', 'consent')?.with['timeout']).toBe(60_000);
  expect(stepOf(scaleDurations(estate, 600), 'restore-directory', 'consent')?.with['timeout']).toBe(60_000);
  const impatient = structuredClone(estate);
  for (const step of impatient.runbooks['restart-api-gateway']?.steps ?? [])
    if (step.id === 'consent') step.with['timeout'] = '20s';
  expect(stepOf(scaleDurations(impatient, 60), 'restart-api-gateway', 'consent')?.with['timeout']).toBe(20_000);
});

it('lets nothing that people wait for be shorter than a second, but keeps what is at once at once', () => {
  const quick = scaleDurations(estate, 600);
  expect(quick.severities.P0.respond_within).toBe(1000);
  expect(quick.escalation_policies['critical']?.levels[0]?.after).toBe(0);
});
