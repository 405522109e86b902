import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;
const GUARDED = `description: Asks, then does.
steps:
  - id: ask
    name: May it?
    uses: approval
    with: { approvers: [incident-commander], timeout: 10m }
  - { id: act, name: Act, uses: noop, needs: [ask] }
`;
const STRICT = `description: Fails when nobody answers, and wants reasons.
steps:
  - id: ask
    name: May it?
    uses: approval
    with: { approvers: [incident-commander, database], min_approvals: 2, require_comment: true, timeout: 10m, on_timeout: fail }
  - { id: act, name: Act, uses: noop, needs: [ask] }
`;
const LONG = `description: Writes a long text.
steps:
  - id: ask
    uses: approval
    with: { approvers: [incident-commander], timeout: 10m }
  - { id: act, uses: command, needs: [ask], with: { run: [cat], stdin: '${'long text '.repeat(2000)}the end' } }
`;
const BY_HAND = `description: Somebody turns a key.
steps:
  - { id: turn, name: Turn the key, uses: manual, with: { instructions: Turn the key to the left. } }
  - { id: act, name: Act, uses: noop, needs: [turn] }
`;
/** More people who may approve, so that a crowd can press at once. */
const CROWD = Array.from({ length: 20 }, (_, index) => `p${index}`);
let program: Program;
let incident: Declared;
beforeAll(async () => {
  program = await startProgram({
    runbooks: { guarded: GUARDED, strict: STRICT, long: LONG, 'by-hand': BY_HAND },
    replace: [
      [
        'people:\n',
        `people:\n${CROWD.map((id) => `  ${id}: { name: ${id}, slack: U0${id.toUpperCase()} }\n`).join('')}`,
      ],
      [
        'incident-commander: { people: [cleo, ben] }',
        `incident-commander: { people: [cleo, ben, ${CROWD.join(', ')}] }`,
      ],
    ],
  });
  incident = await program.declare('P3 Something is to be done');
});
afterAll(() => program.stop());

const person = (name: string) => program.world.workspace.user(name);
const here = (who: string, words: string) => program.dr(who, words, incident.channel);
async function start(runbook: string, by = 'ana') {
  expect((await here(by, `run ${runbook}`)).text).toMatch(/has begun/);
  const [run] = await program.rows<{ id: number }>('select max(id) as id from run');
  const step = runbook === 'by-hand' ? 'turn' : 'ask';
  const key = `approval:${run?.id ?? 0}/${step}/1:post`;
  const request = await program.world.workspace.waitFor({ key }, { timeout: 20_000 });
  return { run: run?.id ?? 0, request: structuredClone(request) };
}
const ended = (run: number, state: string): Promise<true> =>
  waitFor(`run ${run} to be ${state}`, async () => {
    const [row] = await program.rows('select state from run where id = $1', [run]);
    return row?.['state'] === state;
  });
/** The digest that a request shows. */
const digestOf = (request: object): string => /Request `([0-9a-f]{12})`/.exec(JSON.stringify(request))?.[1] ?? '';
const decisions = (run: number) =>
  program.rows(`select person, decision from approval_decision where approval_id like $1`, [`${run}/%`]);
/** What only they saw last. */
const lastSeen = (who: string) => {
  const seen = person(who).ephemerals.at(-1);
  if (!seen) throw new Error(`${who} saw nothing`);
  return seen;
};
const lastWord = (who: string): string => person(who).ephemerals.at(-1)?.text ?? '';

test('whoever may decide is invited to where the request stands', async () => {
  const cleo = person('cleo').id;
  expect(incident.room.members).not.toContain(cleo);
  const { run } = await start('guarded');
  expect(incident.room.members).toContain(cleo);
  await here('ana', `abort run:${run} That was all`);
  await ended(run, 'aborted');
});

test('the requester, a wrong role and a stranger cannot approve, by button or in words', async () => {
  const { run, request } = await start('guarded', 'ben');
  await person('ben').press(request, 'Approve');
  await waitFor('the refusal', () => /somebody else must approve/.test(lastWord('ben')));
  await person('dan').press(request, 'Approve');
  await waitFor('the refusal', () => /hold none of the roles/.test(lastWord('dan')));
  expect((await here('ben', `approve ${digestOf(request)}`)).text).toMatch(
    /somebody else must approve it.*\n.*Ask another of: incident-commander/,
  );
  expect((await here('ana', `approve ${digestOf(request)}`)).text).toMatch(/hold none of the roles/);
  expect(await decisions(run)).toEqual([]);
  await person('cleo').press(request, 'Approve');
  await ended(run, 'succeeded');
  await waitFor('the request to say so', () => {
    const now = program.world.workspace.messages({ key: `approval:${run}/ask/1:post` })[0];
    return now?.text.includes('Approved by <@U01CLEO>') && !JSON.stringify(now.blocks).includes('"approve"');
  });
});

test('twenty people pressing at once write one decision and one continuation', async () => {
  const { run, request } = await start('guarded');
  const answers = await Promise.all(
    CROWD.map((id) => person(`U0${id.toUpperCase()}`).press(request, 'Approve', { asSeen: true })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  await ended(run, 'succeeded');
  expect(await decisions(run)).toHaveLength(1);
  const events = await program.rows(
    `select kind from event where data->>'run' = $1 and (kind = 'approval.given' or kind = 'step.started' and data->>'step' = 'act')`,
    [String(run)],
  );
  expect(events).toEqual([{ kind: 'approval.given' }, { kind: 'step.started' }]);
  await waitFor(
    'nineteen refusals',
    () => CROWD.filter((id) => /was approved already/.test(lastWord(`U0${id.toUpperCase()}`))).length === 19,
  );
});

test('a button of another plan, and one of a request that is over, change nothing', async () => {
  const { run, request } = await start('guarded');
  const forged = structuredClone(request);
  const text = JSON.stringify(forged.blocks).replace(/\|([0-9a-f]{12,64})"/g, `|${'0'.repeat(12)}"`);
  forged.blocks = JSON.parse(text) as typeof forged.blocks & object;
  await person('cleo').press(forged, 'Approve', { asSeen: true });
  await waitFor('the refusal', () => /not all of what would run now/.test(lastWord('cleo')));
  expect(await decisions(run)).toEqual([]);
  expect((await here('cleo', 'deny ask It is too late today')).text).toMatch(/^Denied/);
  await waitFor(
    'the pause',
    async () => (await program.rows(`select 1 from run where id = $1 and state = 'paused'`, [run])).length === 1,
  );
  await person('ben').press(request, 'Approve', { asSeen: true });
  await waitFor('the refusal', () => /was denied already/.test(lastWord('ben')));
  expect(await decisions(run)).toEqual([{ person: 'slack:U01CLEO', decision: 'deny' }]);
  expect((await here('ana', 'skip ask I am in a hurry')).text).toMatch(/nobody can skip/);
  expect((await here('ana', 'abort Not today')).text).toMatch(/is being aborted/);
  await ended(run, 'aborted');
});

test('a request that nobody answers expires: the run pauses, or fails where the runbook says so', async () => {
  const { run } = await start('guarded');
  await program.pass(11 * MINUTE);
  await ended(run, 'paused');
  expect((await here('cleo', 'approve')).text).toMatch(/nothing waits for a decision/i);
  expect((await here('ana', 'retry ask They are awake now')).text).toMatch(/runs the step once more/);
  const again = await program.world.workspace.waitFor({ key: `approval:${run}/ask/2:post` }, { timeout: 20_000 });
  await person('cleo').press(again, 'Approve');
  await ended(run, 'succeeded');
  const strict = await start('strict');
  await program.pass(11 * MINUTE);
  await ended(strict.run, 'failed');
});

test('two approvals with reasons are two people, and each counts once', async () => {
  const { run, request } = await start('strict');
  const digest = digestOf(request);
  expect((await here('cleo', `approve ${digest}`)).text).toMatch(/needs a reason/);
  expect((await here('cleo', `approve ${digest} I looked`)).text).toMatch(/More people have to agree/);
  expect((await here('cleo', `approve ${digest} Once more`)).text).toMatch(/decided this already/);
  expect((await here('dan', `approve ${digest} Me too`)).text).toMatch(/The run goes on/);
  await ended(run, 'succeeded');
  expect(await decisions(run)).toHaveLength(2);
});

test('a button whose consent needs a reason asks for it in a form, and the reason counts with the press', async () => {
  const { run, request } = await start('strict');
  const reasonOf = async (who: string, reason: string) => {
    await person(who).press(request, 'Approve', { asSeen: true });
    const { view } = person(who);
    if (!view) throw new Error(`no form is open for ${who}`);
    return person(who).submit(view, { reason });
  };
  await reasonOf('cleo', 'I looked at the switch');
  await waitFor('her decision', async () => (await decisions(run)).length === 1);
  await reasonOf('dan', 'So did I');
  await ended(run, 'succeeded');
  expect(
    await program.rows('select comment from approval_decision where approval_id like $1 order by at', [`${run}/%`]),
  ).toEqual([{ comment: 'I looked at the switch' }, { comment: 'So did I' }]);
});

test('a typed approval is answered with the request and its button when another was open a moment ago', async () => {
  const { run, request } = await start('guarded');
  const answer = await here('cleo', 'approve');
  expect(answer.text).toMatch(/more than one request in the last ten minutes/);
  const mine = lastSeen('cleo');
  expect(digestOf(mine)).toBe(digestOf(request));
  expect(await decisions(run)).toEqual([]);
  expect((await here('cleo', `approve ${'0'.repeat(12)}`)).text).toMatch(/no request `000000000000` waits here/i);
  await person('cleo').press(mine, 'Approve');
  await ended(run, 'succeeded');
});

test('what is too long for a message is attached under the same digest before anybody can approve it', async () => {
  const { run, request } = await start('long');
  const { workspace } = program.world;
  const whole = await waitFor('the whole request', () => {
    const [now] = workspace.messages({ key: `approval:${run}/ask/1:post` });
    return now && digestOf(now) !== '' && JSON.stringify(now.blocks).includes(`|${digestOf(now)}`) && now;
  });
  const file = Object.values(workspace.snapshot().files).find(({ name }) => name === `request-${digestOf(whole)}.txt`);
  expect(file?.content).toContain(`Request ${digestOf(whole)}`);
  expect(file?.content).toContain(`${'long text '.repeat(2000)}the end`);
  await person('cleo').press(request, 'Approve', { asSeen: true }); // as it was before the file, if it was seen then
  await person('cleo').press(whole, 'Approve', { asSeen: true });
  await ended(run, 'succeeded');
});

test('a manual step is reported done by any responder, the requester too', async () => {
  const { run, request } = await start('by-hand');
  expect(JSON.stringify(request.blocks)).toContain('Turn the key to the left.');
  const shown = await here('ana', 'done');
  expect(shown.text).toMatch(/more than one request in the last ten minutes/);
  await person('ana').press(lastSeen('ana'), 'Done');
  await ended(run, 'succeeded');
  expect(program.doubles()).toEqual([]);
  expect(program.logs().filter(({ level }) => level === 'error')).toEqual([]);
});
