import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { said, startProgram, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

/** What the services and the runbook's steps look at. */
const health: Record<string, boolean> = { database: false, api: false };
const asked: { method: string; path: string; body: string }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    const path = request.url ?? '';
    asked.push({ method: request.method ?? '', path, body });
    const fine = health[path.slice(1)] ?? true;
    response.writeHead(fine ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ version: 7, upstream: 'west' }));
  });
});

const TOUR = (url: string, port: number): string => `description: Uses every action.
inputs:
  words: { type: string, default: plain }
steps:
  - id: ask
    name: Ask the server
    uses: http
    with: { url: '${url}/version', expect_status: 200, expect_json: { upstream: west } }
  - { id: knock, name: Knock, uses: tcp, with: { host: 127.0.0.1, port: ${port} } }
  - { id: rest, name: Rest, uses: wait, with: { duration: 1h } }
  - id: tell
    name: Tell the server
    needs: [ask, knock]
    uses: http
    with: { method: PUT, url: '${url}/told', body: { version: '\${{ steps.ask.output.body.version }}', words: '\${{ inputs.words }}' } }
    preconditions: [{ uses: http, with: { url: '${url}/ready' } }]
  - id: say
    name: Say it
    needs: [tell, rest]
    uses: notify
    with: { channel: '#leadership', message: 'Version \${{ steps.ask.output.body.version }} for \${{ incident.title }}: \${{ inputs.words }}' }
`;
let program: Program;
let incident: Declared;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const check = (service: string): string =>
    `    checks: [{ id: up, uses: http, with: { url: '${url}/${service}' }, timeout: 2s }]\n`;
  program = await startProgram({
    runbooks: { tour: TOUR(url, port) },
    replace: [
      ['    recover: restart-database\n', `    recover: restart-database\n${check('database')}`],
      ['    recover: restart-api\n', `    recover: restart-api\n${check('api')}`],
    ],
  });
  incident = await program.declare('P3 The shop <b>& all</b> service:shop-front');
});
afterAll(async () => {
  await program.stop();
  server.closeAllConnections();
  server.close();
});

const here = (who: string, words: string) => program.dr(who, words, incident.channel);
/** Steps of the run that was started as the `nth`; numbers of refused runs are not used again. */
const stepsOf = async (nth: number): Promise<string[]> =>
  (
    await program.rows<{ step_id: string }>(
      `select step_id from step where run_id = $1 and phase = 'main' order by ord`,
      [(await runs())[nth - 1]?.id],
    )
  ).map(({ step_id }) => step_id);
const runs = () => program.rows<{ id: number; state: string }>('select id, state from run order by id');

test('uses every action, with what earlier steps returned and what people typed as data', async () => {
  expect((await here('ana', 'run tour words="two; $(words)"')).text).toMatch(/has begun/);
  await waitFor(
    'it to rest',
    async () => (await program.rows(`select 1 from step where step_id = 'tell' and state = 'succeeded'`)).length === 1,
  );
  expect(asked.filter(({ path }) => path === '/told').map(({ body }) => JSON.parse(body) as unknown)).toEqual(
    expect.arrayContaining([{ version: 7, words: 'two; $(words)' }]),
  );
  expect((await here('ben', 'run tour')).text).toMatch(/Run 1 \(tour\) is already running/);
  expect((await runs()).map(({ state }) => state)).toEqual(['running']);
  await program.pass(3_600_000);
  await waitFor('it to end', async () => (await runs()).every(({ state }) => state === 'succeeded'));
  const message = await program.world.workspace.waitFor(
    { channel: '#leadership', text: 'two; $(words)' },
    { timeout: 15_000 },
  );
  expect(message.text).toContain('Version 7 for The shop &lt;b&gt;');
});

test('a recovery takes in what is unhealthy of the dependencies, in their order', async () => {
  expect(said(await here('ana', 'plan shop-front'))).toMatch(/shop-front/);
  await here('ana', 'recover api');
  await waitFor('the run', async () => (await runs()).length === 2);
  const steps = await stepsOf(2);
  expect(steps).toEqual([
    ...steps.filter((each) => each.startsWith('database/')),
    ...steps.filter((each) => each.startsWith('api/')),
  ]);
  expect(steps).toContain('database/ready');
  await here('ben', 'abort Only the order was of interest');
  await waitFor('the end', async () => (await runs())[1]?.state === 'aborted');
});

test('a recovery leaves out what is healthy', async () => {
  health['database'] = true;
  await here('ana', 'recover api');
  await waitFor('the run', async () => (await runs()).length === 3);
  expect(await stepsOf(3)).toEqual(['look', 'consent', 'restart', 'tell']);
  await here('ben', 'abort Enough');
  await waitFor('the end', async () => (await runs())[2]?.state === 'aborted');
});

test('a service without a runbook is refused at once', async () => {
  expect((await here('ana', 'recover shop-front')).text).toMatch(/`shop-front` names no runbook.*\n.*recover: /);
  expect(await runs()).toHaveLength(3);
  expect(program.logs().filter(({ level }) => level === 'error')).toEqual([]);
});
