import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-environ-'));
const file = join(folder, 'seen');
/** Reads the environment of the step itself, of the worker, and of everybody above it. */
const LOOK = `process=$$; while [ "$process" -gt 0 ]; do echo "== $process"; tr '\\0' '\\n' < /proc/$process/environ; process=$(sed 's/.*) //' /proc/$process/stat | cut -d' ' -f2); done > ${file} 2>&1; echo seen >> ${file}`;

let program: Program;

beforeAll(async () => {
  program = await startProgram({
    env: { OTHER_PROGRAMS_KEY: 'canary-of-somebody-else', LANG: 'C.UTF-8' },
    runbooks: {
      look: `description: Reads what it may not.
steps:
  - id: look
    name: Look around
    uses: command
    with:
      run: [sh, -c, ${JSON.stringify(LOOK)}]
`,
    },
  });
});
afterAll(async () => {
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a step finds no secret in the environment of its worker or of anybody above', async () => {
  const { channel } = await program.declare('P3 Somebody looks around');
  expect((await program.dr('ana', 'run look', channel)).text).toMatch(/has begun/);
  const seen = await waitFor('the step to have looked', () => {
    const text = readFileSync(file, 'utf8');
    return text.endsWith('seen\n') && text;
  });
  const { slack, pagerduty } = program.world;
  expect(seen.match(/^== /gm)?.length).toBeGreaterThan(2);
  expect(seen).toContain('PATH=');
  const secrets = [slack.botToken, slack.signingSecret, pagerduty.apiToken, ...pagerduty.routingKeys, 'webhook-secret'];
  for (const secret of [...secrets, program.databaseUrl, 'canary-of-somebody-else']) expect(seen).not.toContain(secret);
  // And the program still knows them: it went on to say how the run ended.
  expect(program.logs().filter(({ msg }) => msg === 'steps can read the environment')).toEqual([]);
});
