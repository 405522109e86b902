import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTROL, createErlmcp, SITE, type Erlmcp } from '../support/erlmcp.ts';
import { waitFor } from '../support/wait-for.ts';

const SERVICE = 'authentication';
let erlmcp: Erlmcp;
beforeEach(async () => {
  erlmcp = await createErlmcp([SERVICE]);
});
afterEach(() => erlmcp.stop());

const inUse = (): Promise<string> => readlink(join(erlmcp.data(SERVICE), 'current'));
const receipts = (): Promise<string> => readFile(join(erlmcp.data(SERVICE), 'current/receipts.jsonl'), 'latin1');

describe("the data of one of erlmcp's services", () => {
  it('is saved at the first start, in an archive that the usual tools can check', async () => {
    await erlmcp.start(SERVICE);
    await promisify(execFile)('sha256sum', ['--check', '--strict', 'full-1.tar.gz.sha256'], {
      cwd: erlmcp.backups(SERVICE),
    });
    await promisify(execFile)('sha256sum', ['--check', '--strict', 'MANIFEST.sha256'], {
      cwd: join(erlmcp.data(SERVICE), 'current'),
    });
    await erlmcp.must('restart', SERVICE);
    expect(await readdir(erlmcp.backups(SERVICE))).toEqual(['full-1.tar.gz', 'full-1.tar.gz.sha256']);
    expect(await erlmcp.must('backup', SERVICE)).toContain('full-2.tar.gz');
  });

  it('is corrupt until it is restored, byte for byte, and what was in use is kept', async () => {
    await erlmcp.start(SERVICE);
    const good = await receipts();
    await erlmcp.must('break', SERVICE, 'corrupt');
    const bad = await receipts();
    expect(bad).not.toBe(good);
    expect(await erlmcp.must('break', SERVICE, 'corrupt')).toContain('already');
    expect(await receipts()).toBe(bad);
    const corrupt = { code: 503, status: 'corrupt', file: 'receipts.jsonl' };
    expect(await erlmcp.health(SERVICE)).toMatchObject(corrupt);
    await erlmcp.must('restart', SERVICE);
    expect(await erlmcp.health(SERVICE)).toMatchObject(corrupt);
    expect((await erlmcp.ctl('backup', SERVICE)).said).toContain(
      'is not saved: receipts.jsonl is not what was written',
    );
    expect(await erlmcp.must('restore', SERVICE)).toContain('kept as v1');
    expect(await receipts()).toBe(good);
    expect(await erlmcp.health(SERVICE)).toMatchObject({ code: 200 });
    expect(await readlink(join(erlmcp.data(SERVICE), 'previous'))).toBe('v1');
    expect(await readFile(join(erlmcp.data(SERVICE), 'v1/receipts.jsonl'), 'latin1')).toBe(bad);
  });

  it('stays as it is when the archive was tampered with, or is not there', async () => {
    await erlmcp.start(SERVICE);
    await appendFile(join(erlmcp.backups(SERVICE), 'full-1.tar.gz'), 'x');
    const refused = await erlmcp.ctl('restore', SERVICE);
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringContaining('its checksum differs. Nothing was changed'),
    });
    expect((await erlmcp.ctl('restore', SERVICE, 'full-7.tar.gz')).said).toContain('known: full-1.tar.gz');
    expect(await inUse()).toBe('v1');
    expect(await erlmcp.health(SERVICE)).toMatchObject({ code: 200 });
  });

  it('stays in use when the restore is killed in the middle, and the next restore is not hindered', async () => {
    await erlmcp.start(SERVICE);
    const { tools, reached } = await haltingTar();
    const env = { ...erlmcp.env, PATH: `${tools}:${erlmcp.env['PATH'] ?? ''}` };
    const child = spawn(process.execPath, [CONTROL, 'restore', SITE, SERVICE], {
      env,
      detached: true,
      stdio: 'ignore',
    });
    await waitFor('tar', () => existsSync(reached));
    process.kill(-Number(child.pid), 'SIGKILL');
    await once(child, 'exit');
    expect(await inUse()).toBe('v1');
    expect(await erlmcp.health(SERVICE)).toMatchObject({ code: 200 });
    expect(await erlmcp.must('restore', SERVICE)).toContain('restored from full-1.tar.gz');
    expect(await inUse()).toMatch(/^restored-/);
    const left = (await readdir(erlmcp.data(SERVICE))).filter((name) => name.startsWith('.'));
    expect(left).toEqual([]);
  });

  it('is written anew when the first start was killed before it was whole', async () => {
    await mkdir(join(erlmcp.data(SERVICE), 'v1'), { recursive: true });
    await writeFile(join(erlmcp.data(SERVICE), 'v1/receipts.jsonl'), 'half');
    await erlmcp.start(SERVICE);
    expect(await erlmcp.health(SERVICE)).toMatchObject({ code: 200 });
    expect((await receipts()).length).toBeGreaterThan(1000);
  });

  it('is mended without Lifeboat', async () => {
    await erlmcp.start(SERVICE);
    await erlmcp.must('break', SERVICE, 'corrupt');
    await erlmcp.must('mend', SERVICE);
    expect(await erlmcp.health(SERVICE)).toMatchObject({ code: 200 });
  });
});

/** A `tar` that unpacks half of what it should and then waits. */
async function haltingTar(): Promise<{ tools: string; reached: string }> {
  const tools = join(erlmcp.home, 'tools');
  const reached = join(erlmcp.home, 'reached');
  await mkdir(tools);
  await writeFile(join(tools, 'tar'), `#!/bin/sh\necho half > "$5/receipts.jsonl"\n: > '${reached}'\nexec sleep 60\n`);
  await chmod(join(tools, 'tar'), 0o755);
  return { tools, reached };
}
