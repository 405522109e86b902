import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../src/runtime/paths.ts';
import { FOLDERS, readModules } from './modules.ts';
import { RULES, type RuleName } from './rules.ts';
import { ROOMS, roomOf } from './table.ts';

const ALL = Object.keys(RULES) as RuleName[];
const modules = readModules(ROOT);

describe('the house', () => {
  it('is read in full, so that an empty search never passes for a clean one', () => {
    expect(modules.length).toBeGreaterThan(200);
    expect(modules.flatMap((each) => each.imports).length).toBeGreaterThan(modules.length);
  });

  it.each(ALL)('keeps its rule: %s', (name) => {
    expect(RULES[name](modules)).toEqual([]);
  });

  it('has a row in the table for every room, and no row for a room that is gone', () => {
    expect(Object.keys(ROOMS).sort()).toEqual([...new Set(modules.map(({ path }) => roomOf(path)))].sort());
  });

  it('resolves every import of its own to a file that exists', () => {
    const paths = new Set(modules.map(({ path }) => path));
    const lost = modules.flatMap(({ path, imports }) =>
      imports.filter(({ ours, target }) => ours && !paths.has(target)).map(({ target }) => `${path} → ${target}`),
    );
    expect(lost).toEqual([]);
  });
});

/** What somebody in a hurry might add, where, and which rule must answer. */
const SEEDS: [breach: string, rule: RuleName, file: string, code: string][] = [
  ['the domain importing the store', 'rooms', 'src/domain/plan/graph.ts', `import '../../store/persist.ts';`],
  [
    'the domain naming a type of the estate',
    'rooms',
    'src/domain/plan/graph.ts',
    `export type { X } from '../../estate/load.ts';`,
  ],
  [
    'a job judging by the bare list',
    'holders',
    'jobs/card-render.ts',
    `export const x = (estate: Estate) => estate.roles['a']?.people;`,
  ],
  [
    'a command asking for the bare list',
    'holders',
    'commands/page.ts',
    `import { listedFor } from '../src/domain/estate/holders.ts';`,
  ],
  ['a verb making holders up', 'holders', 'src/verbs/incident/add-note.ts', `export const x = {} as RoleHolders;`],
  ['a port importing an adapter', 'rooms', 'src/ports/chat.ts', `import '../adapters/slack/chat.ts';`],
  ['the store importing a verb', 'rooms', 'src/store/persist.ts', `import '../verbs/incident/add-note.ts';`],
  ['a verb importing a port', 'rooms', 'src/verbs/incident/add-note.ts', `import type {} from '../../ports/chat.ts';`],
  ['a verb choosing words', 'rooms', 'src/verbs/incident/add-note.ts', `import '../../../templates/words.ts';`],
  ['the queue importing a job', 'rooms', 'src/outbox/sweep.ts', `import '../../jobs/index.ts';`],
  ['an adapter importing the store', 'rooms', 'src/adapters/slack/chat.ts', `import '../../store/persist.ts';`],
  ['an action importing an adapter', 'rooms', 'src/actions/noop.ts', `import '../adapters/slack/chat.ts';`],
  ['a job importing an adapter', 'rooms', 'jobs/card-render.ts', `import '../src/adapters/slack/chat.ts';`],
  ['a job loading an adapter late', 'rooms', 'jobs/card-render.ts', `void import('../src/adapters/slack/chat.ts');`],
  [
    'a recorder importing a real adapter',
    'rooms',
    'src/recorders/recorder-chat.ts',
    `import '../adapters/slack/chat.ts';`,
  ],
  ['a recorder loading an SDK', 'packages', 'src/recorders/recorder-chat.ts', `import '@slack/web-api';`],
  ['the jobs of drills importing an adapter', 'rooms', 'src/drill-jobs.ts', `import './adapters/slack/chat.ts';`],
  ['the jobs of drills importing actions', 'rooms', 'src/drill-jobs.ts', `import './actions/index.ts';`],
  ['a job importing a command', 'rooms', 'jobs/card-render.ts', `import '../commands/index.ts';`],
  ['a command importing a job', 'rooms', 'commands/note.ts', `import '../jobs/payload.ts';`],
  ['a command importing the queue', 'rooms', 'commands/note.ts', `import '../src/outbox/sweep.ts';`],
  ['the dashboard importing a stand-in', 'rooms', 'src/web/server.ts', `import '@lifeboat/stand-ins/slack/stand-in';`],
  [
    'a real installation loading the sandbox late',
    'rooms',
    'src/serve.ts',
    `void import('@lifeboat/sandbox/run-sandbox');`,
  ],
  [
    'a real installation naming a type of the sandbox',
    'rooms',
    'src/installation.ts',
    `import type {} from '../packages/sandbox/src/page/protocol.ts';`,
  ],
  [
    'a stand-in importing the adapter it tries',
    'rooms',
    'packages/stand-ins/src/slack/limits.ts',
    `import '../../../../src/adapters/slack/limits.ts';`,
  ],
  [
    'a stand-in loading what it may only name',
    'rooms',
    'packages/stand-ins/src/slack/limits.ts',
    `import '../../../../src/domain/json.ts';`,
  ],
  [
    'the sandbox loading more of Lifeboat than the command line',
    'rooms',
    'packages/sandbox/src/tour.ts',
    `import { nearestName } from '../../../src/domain/nearest.ts';`,
  ],
  [
    'the launcher of PostgreSQL knowing Lifeboat',
    'rooms',
    'packages/embedded-postgres/src/launch.ts',
    `import type {} from '../../../src/runtime/log.ts';`,
  ],
  ['a template reading the store', 'rooms', 'templates/words.ts', `import '../src/store/run/runs.ts';`],
  ['somebody importing main', 'rooms', 'src/web/server.ts', `import type { Parts } from '../main.ts';`],
  ['a room that the table does not know', 'rooms', 'src/utils/strings.ts', `import '../runtime/errors.ts';`],
  ['the domain reading files', 'pure imports', 'src/domain/plan/graph.ts', `import 'node:fs';`],
  ['the domain loading a package', 'pure imports', 'src/domain/plan/graph.ts', `import pg from 'pg';`],
  ['a job loading an SDK', 'packages', 'jobs/card-render.ts', `import { WebClient } from '@slack/web-api';`],
  ['BullMQ outside the queue', 'packages', 'src/postgres/db.ts', `import { Queue } from 'bullmq';`],
  ['a command loading the database driver', 'packages', 'commands/note.ts', `import pg from 'pg';`],
  ['a package that nobody listed', 'packages', 'src/web/server.ts', `import 'left-pad';`],
  ['a job importing another job', 'jobs apart', 'jobs/card-render.ts', `import './message-post.ts';`],
  ['what jobs share importing a job', 'jobs apart', 'jobs/payload.ts', `import type {} from './message-post.ts';`],
  [
    'a command opening a transaction',
    'writers',
    'commands/note.ts',
    `import { transact as t } from '../src/postgres/db.ts';`,
  ],
  [
    'a job persisting a decision',
    'writers',
    'jobs/card-render.ts',
    `import { persist } from '../src/store/persist.ts';`,
  ],
  [
    'a job taking everything that persists',
    'writers',
    'jobs/card-render.ts',
    `import * as all from '../src/store/persist.ts';`,
  ],
  ['a job claiming effects', 'writers', 'jobs/card-render.ts', `import { claim } from '../src/outbox/sql/effects.ts';`],
  ['a module importing itself', 'cycles', 'src/runtime/errors.ts', `import './errors.ts';`],
  [
    'a cycle through types alone',
    'cycles',
    'src/domain/json.ts',
    `import type {} from './effect/outcome.ts'; import type {} from './estate/model.ts';`,
  ],
  ['an await in the domain', 'pure code', 'src/domain/plan/graph.ts', `export const f = async () => { await 1; };`],
  ['the clock in the domain', 'pure code', 'src/domain/plan/graph.ts', `export const f = () => Date.now();`],
  ['today in the domain', 'pure code', 'src/domain/plan/graph.ts', `export const f = () => new Date();`],
  ['chance in the domain', 'pure code', 'src/domain/plan/graph.ts', `export const f = () => Math.random();`],
  ['random ids in the domain', 'pure code', 'src/domain/plan/graph.ts', `import { randomUUID } from 'node:crypto';`],
  ['the process in the domain', 'pure code', 'src/domain/plan/graph.ts', `export const f = () => process.pid;`],
  ['a timer in the domain', 'pure code', 'src/domain/plan/graph.ts', `setTimeout(() => undefined, 1);`],
  ['an environment variable elsewhere', 'environment', 'src/web/server.ts', `export const p = process.env['PORT'];`],
  ['the environment taken apart', 'environment', 'src/serve.ts', `const { env } = process;`],
  ['a query in a command', 'sql', 'commands/note.ts', `export const q = 'select id from incident';`],
  [
    'a write in a job',
    'sql',
    'jobs/card-render.ts',
    'export const q = (x: string) => `update incident set title = ${x}`;',
  ],
  ['a file that grew', 'size', 'src/web/server.ts', '\n'.repeat(300) + 'export const last = 1;'],
  ['a file in another spelling', 'names', 'src/web/statusPage.ts', `export const page = 1;`],
];

describe('the rules of the house', () => {
  let copy = '';
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'lifeboat-architecture-'));
    for (const folder of FOLDERS) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it.each(SEEDS)('catch %s', (_, rule, file, code) => {
    const place = join(copy, file);
    const before = existsSync(place) ? readFileSync(place, 'utf8') : null;
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, `${before ?? ''}\n${code}\n`);
    const breaches = RULES[rule](readModules(copy)).filter((breach) => breach.includes(file));
    if (before === null) rmSync(place);
    else writeFileSync(place, before);
    expect(breaches).not.toEqual([]);
  });

  it('find nothing in the copy once the seeds are gone', () => {
    expect(ALL.flatMap((rule) => RULES[rule](readModules(copy)))).toEqual([]);
  });

  it('are all tried by a seeded breach', () => {
    expect([...new Set(SEEDS.map(([, rule]) => rule))].sort()).toEqual([...ALL].sort());
  });
});
