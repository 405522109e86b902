import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFile } from '../../src/estate/check.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { USUAL } from '../../src/init/answers.ts';
import { init } from '../../src/init/init.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const silent = (): void => undefined;
const nobody = (): Readable => Readable.from([]);
const files = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/.test(name)).sort();

describe('lifeboat init', () => {
  it('writes with --yes an estate and a runbook that pass the strictest check, and asks nothing', async () => {
    const said = await init(folder, true, nobody(), silent);
    expect(await files()).toEqual([
      'estate.yaml',
      'runbooks/restart-lifeboat.yaml',
      'schema/estate.json',
      'schema/runbook.json',
    ]);
    for (const file of ['estate.yaml', 'runbooks/restart-lifeboat.yaml'])
      expect(await checkFile(join(folder, file), { strict: true }), file).toMatchObject({ ok: true });
    expect(said).toMatch(
      /Written:\n[\s\S]*estate\.yaml\n[\s\S]*Slack member ID of First Responder[\s\S]*lifeboat doctor/,
    );
  });

  it('asks five questions, asks again where an answer will not do, and takes what stands in brackets', async () => {
    const typed = ['shop', 'Ana O\'Hara-Ünal: "Ops" #1', 'ana', 'U01ANA', 'web front', 'web-front', 'ftp://x', ''];
    let shown = '';
    await init(folder, false, Readable.from([`${typed.join('\n')}\n`]), (text) => (shown += text));
    expect(shown.match(/\?/g)).toHaveLength(5 + 3);
    expect(shown).toContain('"ftp://x" will not do: it starts with http:// or https://.');
    const loaded = await loadEstate(join(folder, 'estate.yaml'));
    expect(loaded.ok && loaded.estate).toMatchObject({
      name: 'shop',
      people: { ana: { name: typed[1], slack: 'U01ANA' } },
      services: { 'web-front': { recover: 'restart-web-front', checks: [{ with: { url: USUAL.address } }] } },
    });
  });

  it.each(['estate.yaml', 'schema/estate.json'])(
    'overwrites nothing: a %s that is there is left, and nothing else is written',
    async (there) => {
      await init(folder, true, nobody(), silent);
      for (const name of await files()) if (name !== there) await rm(join(folder, name));
      await writeFile(join(folder, there), 'mine');
      await expect(init(folder, true, nobody(), silent)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(new RegExp(`${there} is there already, and nothing was written`)) as string,
      });
      expect(await files()).toEqual([there]);
      expect(await readFile(join(folder, there), 'utf8')).toBe('mine');
    },
  );

  it('writes nothing when the answers end early', async () => {
    await expect(init(folder, false, Readable.from(['shop\n']), silent)).rejects.toThrow(/answers ended/);
    expect(await files()).toEqual([]);
  });

  it.each(['true', '1e3', 'null', '0x10', '123'])(
    'takes %s for a name, not for what YAML makes of it',
    async (name) => {
      await init(folder, false, Readable.from([`${name}\n${name}\n\n${name}\n\n`]), silent);
      expect(await checkFile(join(folder, 'estate.yaml'), { strict: true })).toMatchObject({ ok: true });
    },
  );
});
