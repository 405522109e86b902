import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { said, startProgram, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-runs-'));
const file = join(folder, 'said');
const gate = join(folder, 'gate');
const TOKEN = `xoxb-${'4'.repeat(12)}-planted`;
const say = (word: string): string =>
  `{ uses: command, with: { run: [node, -e, 'fs.appendFileSync(process.argv[1], process.argv[2] + " ")', ${file}, ${word}] } }`;
const step = (id: string, needs: string, more = ''): string =>
  `  - { id: ${id}, name: Say ${id}, needs: [${needs}], ${say(id).slice(2, -2)}${more} }\n`;
/** Holds until the gate's file is there. */
const HOLD = `[node, -e, 'setInterval(() => fs.existsSync(process.argv[1]) && process.exit(0), 20)', ${gate}]`;
const RUNBOOKS = {
  steps: `description: Holds in the middle.
steps:
${step('one', '')}  - { id: hold, name: Hold, uses: command, needs: [one], with: { run: ${HOLD} } }
${step('two', 'hold')}${step('three', 'two')}finally:
  - { id: last, name: Say last, ${say('last').slice(2, -2)} }
`,
  back: `description: Undoes what it did.
steps:
  - { id: one, name: Say one, ${say('one').slice(2, -2)}, rollback: ${say('undo-one')} }
  - { id: two, name: Say two, needs: [one], ${say('two').slice(2, -2)}, rollback: ${say('undo-two')} }
  - { id: bad, name: Fail, needs: [two], uses: command, with: { run: [node, -e, 'process.exit(4)'] }, on_failure: rollback, rollback: ${say('undo-bad')} }
${step('never', 'bad')}finally:
  - { id: last, name: Say last, ${say('last').slice(2, -2)} }
`,
  slow: `description: Takes too long.
steps:
  - { id: sleep, name: Sleep, uses: command, side_effect: idempotent, timeout: 300ms, with: { run: [sleep, '600'] } }
  - { id: after, name: Go on, uses: noop, needs: [sleep] }
`,
  doubtful: `description: Takes too long, and may happen only once.
steps:
  - { id: sleep, name: Sleep, uses: command, side_effect: once, timeout: 300ms, with: { run: [sleep, '600'] } }
`,
  flaky: `description: Works at the third try.
steps:
  - id: try
    name: Try
    uses: command
    with: { run: [node, -e, 'fs.appendFileSync(process.argv[1], "try "); process.exit(fs.readFileSync(process.argv[1], "utf8").split("try").length > 3 ? 0 : 1)', ${file}] }
    retry: { max_attempts: 3, interval: 20ms }
`,
  checked: `description: Looks before and after.
steps:
  - id: look
    name: Look
    ${say('looked').slice(2, -2).replace(', with', '\n    with')}
    postconditions: [{ uses: command, with: { run: [node, -e, 'process.exit(9)'] } }]
`,
  leaky: `description: Prints what nobody may read.
steps:
  - id: print
    name: Print
    uses: command
    with: { run: [node, -e, 'const secret = "xoxb-" + "4".repeat(12) + "-planted"; console.log("token=" + secret); console.error(secret); process.exit(1)'] }
`,
};
let program: Program;
let incident: Declared;
beforeAll(async () => {
  writeFileSync(file, '');
  program = await startProgram({ runbooks: RUNBOOKS });
  incident = await program.declare('P3 Something is to be done');
});
afterAll(async () => {
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

const here = (who: string, words: string) => program.dr(who, words, incident.channel);
const heard = (): string[] => readFileSync(file, 'utf8').split(' ').filter(Boolean);
async function start(runbook: string): Promise<number> {
  writeFileSync(file, '');
  rmSync(gate, { force: true });
  expect((await here('ana', `run ${runbook}`)).text).toMatch(/has begun/);
  const [run] = await program.rows<{ id: number }>('select max(id) as id from run');
  return run?.id ?? 0;
}
const steps = async (run: number): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await program.rows<{ step_id: string; state: string }>('select step_id, state from step where run_id = $1', [run])
    ).map(({ step_id, state }) => [step_id, state]),
  );
const is = (run: number, state: string): Promise<true> =>
  waitFor(`run ${run} to be ${state}`, async () => {
    const [row] = await program.rows('select state from run where id = $1', [run]);
    return row?.['state'] === state;
  });

test('pauses after what runs, goes on where it was, and keeps the reason', async () => {
  const run = await start('steps');
  await waitFor('the step that holds', async () => (await steps(run))['hold'] === 'running');
  expect((await here('ana', 'pause')).text).toMatch(/`pause` needs a reason/);
  expect((await here('ana', 'pause Let me think')).text).toMatch(/is paused/);
  expect((await here('ana', 'pause Again')).text).toMatch(/is paused already/);
  writeFileSync(gate, '');
  await waitFor('the step to end', async () => (await steps(run))['hold'] === 'succeeded');
  expect((await steps(run))['two']).toBe('ready');
  expect(said(await here('ana', 'status'))).toMatch(/paused/);
  expect((await here('ben', 'skip two It is not needed')).text).toMatch(/goes on without the step/);
  expect((await here('ben', 'resume')).text).toMatch(/goes on/);
  expect((await here('ben', 'resume')).text).toMatch(/not paused|is over/);
  await is(run, 'succeeded');
  expect(heard()).toEqual(['one', 'three', 'last']);
  const [paused] = await program.rows(`select actor, data->>'reason' as reason from event where kind = 'run.paused'`);
  expect(paused).toEqual({ actor: 'slack:U01ANA', reason: 'Let me think' });
});

test('aborts: what runs is ended, what has not begun never does, the clean-up runs', async () => {
  const run = await start('steps');
  await waitFor('the step that holds', async () => (await steps(run))['hold'] === 'running');
  expect((await here('ana', 'resolve Done')).text).toMatch(/still running.*\n.*abort/);
  expect((await here('ana', 'abort')).text).toMatch(/needs a reason/);
  expect((await here('ana', 'abort It does harm')).text).toMatch(/is being aborted/);
  await is(run, 'aborted');
  expect(heard()).toEqual(['one', 'last']);
  expect(await steps(run)).toMatchObject({ one: 'succeeded', hold: 'unknown', two: 'cancelled', last: 'succeeded' });
  for (const verb of ['pause x', 'resume', 'retry x', 'skip x', 'abort x'])
    expect((await here('ana', `${verb} run:${run}`)).text, verb).toMatch(/is over: aborted/);
});

test('rolls back what was done in reverse order, then cleans up', async () => {
  const run = await start('back');
  await is(run, 'rolled_back');
  expect(heard()).toEqual(['one', 'two', 'undo-two', 'undo-one', 'last']);
  expect((await steps(run))['never']).toBe('cancelled');
});

test('ends a step at its time-out, with its processes, and a person decides', async () => {
  const run = await start('slow');
  await is(run, 'paused');
  expect((await steps(run))['sleep']).toBe('timed_out');
  expect((await here('ana', 'resume')).text).toMatch(/cannot go on: step `sleep` is timed_out.*\n.*retry sleep/);
  expect((await here('ana', 'retry')).text).toMatch(/needs a reason/);
  expect((await here('ana', 'retry sleep Once more')).text).toMatch(/runs the step once more/);
  await waitFor('the second time-out', async () => {
    const [row] = await program.rows(`select attempt, state from step where run_id = $1 and step_id = 'sleep'`, [run]);
    return row?.['attempt'] === 2 && row['state'] === 'timed_out';
  });
  await is(run, 'paused');
  expect((await here('ana', 'skip Nobody sleeps now')).text).toMatch(/goes on without the step/);
  await is(run, 'succeeded');
});

test('what was interrupted and may have happened once is neither repeated nor passed over without a person', async () => {
  const run = await start('doubtful');
  await is(run, 'paused');
  expect((await steps(run))['sleep']).toBe('unknown');
  expect(said(await here('ana', 'status'))).toMatch(/Whether .*sleep.* happened/);
  expect((await here('ana', 'resume')).text).toMatch(/step `sleep` is unknown/);
  await here('ana', 'abort I do not know');
  await is(run, 'aborted');
});

test('tries again as often as the runbook says, and judges by what must hold afterwards', async () => {
  await is(await start('flaky'), 'succeeded');
  expect(heard()).toEqual(['try', 'try', 'try']);
  const run = await start('checked');
  await is(run, 'paused');
  const [row] = await program.rows(`select state, error from step where run_id = $1`, [run]);
  expect(row?.['state']).toBe('failed');
  expect(row?.['error']).toMatch(/^postcondition 1: /);
  await here('ana', 'abort Enough');
  await is(run, 'aborted');
});

test('a token that a command prints is nowhere: not in Slack, not in the database, not in the log', async () => {
  incident = await program.declare('P3 With a channel of its own, to which nothing else is posted');
  const run = await start('leaky');
  await is(run, 'paused');
  await program.world.workspace.waitFor({ channel: incident.room.id, text: /paused/ }, { timeout: 15_000 });
  const [output] = await program.rows<{ lines: number }>(
    `select count(*)::integer as lines from step_output, regexp_split_to_table(text, '\n') where run_id = $1`,
    [run],
  );
  expect(output?.lines).toBe(2);
  const told = await here('ana', `output ${run}`);
  expect(said(told)).toMatch(/What step print of run \d+ printed last/);
  const shared = () => incident.room.messages().some(({ files = [] }) => files.length === 1);
  await program.world.workspace.waitFor(shared, { timeout: 15_000 });
  const tables = ['plan', 'event', 'step', 'step_output', 'effect', 'incident', 'run', 'approval'];
  for (const table of tables) {
    const found = await program.rows(`select 1 from ${table} t where t::text like '%' || $1 || '%'`, [TOKEN]);
    expect(found, table).toEqual([]);
  }
  expect(JSON.stringify(program.world.workspace.snapshot())).not.toContain(TOKEN);
  expect(said(await here('ana', 'timeline'))).not.toContain(TOKEN);
  expect(said(await here('ana', 'status'))).not.toContain(TOKEN);
  expect(program.process().output()).not.toContain(TOKEN);
  expect(program.logs().filter(({ level }) => level === 'error')).toEqual([]);
});
