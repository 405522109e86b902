import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createErlmcp, type Erlmcp } from '../support/erlmcp.ts';
import { waitFor } from '../support/wait-for.ts';

let erlmcp: Erlmcp;
beforeAll(async () => {
  erlmcp = await createErlmcp(['authentication', 'api-gateway', 'session-manager']);
});
afterAll(() => erlmcp.stop());

const brokenBy = async (service: string): Promise<unknown> =>
  (JSON.parse(await erlmcp.must('status', service, 'json')) as { broken: unknown }).broken;
const pidOf = async (service: string): Promise<number> =>
  Number(/process (\d+)/.exec(await erlmcp.must('status', service))?.[1]);

const SEEN: [string, object][] = [
  ['kill', { code: 0, reason: 'ECONNREFUSED' }],
  ['hang', { code: 0, reason: 'TimeoutError' }],
  ['slow', { code: 503, status: 'degraded', reason: expect.stringMatching(/^answers take 3\.\d s$/) as string }],
  ['errors', { code: 500, status: 'failed' }],
  ['refuse', { code: 0, reason: 'ECONNREFUSED' }],
];

describe("a service of erlmcp's", () => {
  it.each(SEEN)('that is broken by %s shows it, and is cured by a restart', async (how, seen) => {
    await erlmcp.start('authentication');
    const first = await pidOf('authentication');
    await erlmcp.must('break', 'authentication', how);
    await erlmcp.must('break', 'authentication', how);
    expect(await brokenBy('authentication')).toBe(how);
    expect(await erlmcp.health('authentication', how === 'hang' ? 500 : 8000)).toMatchObject(seen);
    if (how !== 'kill') expect(await pidOf('authentication')).toBe(first);
    await erlmcp.must('restart', 'authentication');
    expect(await erlmcp.health('authentication')).toMatchObject({ code: 200, status: 'ok' });
    expect(await brokenBy('authentication')).toBeNull();
    expect(await pidOf('authentication')).not.toBe(first);
  });

  it.each(SEEN)('that is broken by %s is mended, in the same process unless that was killed', async (how) => {
    await erlmcp.start('authentication');
    const first = await pidOf('authentication');
    await erlmcp.must('break', 'authentication', how);
    await erlmcp.must('mend', 'authentication');
    await erlmcp.must('mend', 'authentication');
    expect(await erlmcp.health('authentication')).toMatchObject({ code: 200, status: 'ok' });
    expect((await pidOf('authentication')) === first).toBe(how !== 'kill');
    expect(await brokenBy('authentication')).toBeNull();
  });

  it('is well only while what it needs is, and says in words what is missing', async () => {
    await erlmcp.must('stop', 'authentication');
    await erlmcp.start('api-gateway');
    expect(await erlmcp.health('api-gateway')).toMatchObject({
      code: 503,
      status: 'degraded',
      reason: 'needs authentication, which refuses connections',
      needs: { authentication: false },
    });
    await erlmcp.start('authentication');
    const well = await waitFor('the gateway', async () => {
      const health = await erlmcp.health('api-gateway');
      return health.code === 200 && health;
    });
    expect(well).toMatchObject({ status: 'ok', needs: { authentication: true } });
  });

  it('says that a need was never started, and hangs no longer than its patience when one hangs', async () => {
    await erlmcp.start('session-manager');
    expect(await erlmcp.health('session-manager')).toMatchObject({
      reason: 'needs database-cluster, which was never started here',
    });
    await erlmcp.start('api-gateway');
    await erlmcp.must('break', 'authentication', 'hang');
    const health = await waitFor('the gateway to notice', async () => {
      const now = await erlmcp.health('api-gateway', 4000);
      return now.code === 503 && now;
    });
    expect(health['reason']).toBe('needs authentication, which does not answer within 1000 ms');
    await erlmcp.must('mend', 'authentication');
  });

  it('starts once when two ask for it at the same time', async () => {
    await erlmcp.must('stop', 'authentication');
    const said = await Promise.all([erlmcp.start('authentication'), erlmcp.start('authentication')]);
    const pids = said.map((words) => /process (\d+)/.exec(words)?.[1]);
    expect(pids[0]).toBe(pids[1]);
    expect(said.filter((words) => words.includes('runs already'))).toHaveLength(1);
  });

  it('tells one that was stopped from one that ended by itself', async () => {
    process.kill(await pidOf('authentication'), 'SIGKILL');
    await waitFor('its end', async () =>
      (await erlmcp.must('status', 'authentication')).endsWith('its process ended by itself'),
    );
    await erlmcp.must('stop', 'authentication');
    expect(await erlmcp.must('status', 'authentication')).toBe('authentication does not run');
  });

  it.each<[string, string[], number, RegExp]>([
    ['an unknown verb', ['explode', 'authentication'], 64, /^usage:/],
    ['a name that is a path', ['start', '../x'], 64, /^usage:/],
    ['an unknown way to break', ['break', 'authentication', 'fire'], 1, /"fire"; choose kill, hang/],
    ['breaking what does not run', ['break', 'dashboard', 'slow'], 1, /dashboard does not run; start it/],
    ['mending what was never started', ['mend', 'dashboard'], 1, /give HOST and PORT/],
    ['resetting something unknown', ['reset', 'authentication', 'pid'], 1, /nothing called "pid"/],
    ['restoring without a backup', ['restore', 'dashboard'], 1, /there is no backup of dashboard/],
  ])('refuses %s', async (_what, [verb = '', service = '', ...rest], code, words) => {
    const ended = await erlmcp.ctl(verb, service, ...rest);
    expect(ended.code).toBe(code);
    expect(ended.said).toMatch(words);
  });
});
