import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedactor } from '../../src/runtime/redact.ts';
import { createJobs } from '../../jobs/index.ts';
import { createPagerDuty } from '../../src/adapters/pagerduty/create-pagerduty.ts';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import { postIntent } from '../../src/domain/effect/intents.ts';
import { createLog } from '../../src/runtime/log.ts';
import { visibleText } from '@lifeboat/stand-ins/slack/waiting';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { loadTemplates } from '../../templates/engine.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { Boat } from '../support/queue-world.ts';
import { intend, launch, plainIncident, smallEstate, testPool, untilDone } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let slack: SlackStandIn;
let boat: Boat;
const logged: { level: string; msg: string; effect?: string; reason?: string }[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  slack = await startSlackStandIn();
  const estate = await smallEstate();
  const log = createLog({
    level: 'info',
    destination: { write: (line) => void logged.push(JSON.parse(line) as (typeof logged)[number]) },
  });
  const jobs = createJobs({
    ...{
      pool,
      verbs: { pool, estate: () => estate },
      urgent: { pool, estate: () => estate },
      estate: () => estate,
      actions: {},
    },
    endOlder: () => Promise.resolve({ ended: 0, alive: [], elsewhere: [], frozen: [], blind: false }),
    redactor: createRedactor(),
    secret: () => '',
    templates: await loadTemplates(),
    chat: createSlackChat({ token: slack.botToken, apiUrl: slack.url, timeoutMs: 2000 }),
    pager: createPagerDuty({ eventsUrl: slack.url, apiUrl: slack.url, routingKey: '' }),
  });
  boat = await launch({ url: database.url, jobs, log });
});
afterAll(async () => {
  await boat.stop();
  await pool.end();
  await slack.close();
  await database.drop();
});

test('a message that Slack refuses for good is warned of, in the timeline, and named on the card with its audience', async () => {
  const incident = await plainIncident(pool);
  await pool.query(`update incident set channel = 'C01GENERAL' where id = $1`, [incident]);
  slack.workspace.channel('#leadership').channel.is_archived = true;
  const notice = postIntent({ incident, key: 'n', template: 'incident-notification', to: '#leadership' });
  await intend(pool, incident, [notice]);
  await untilDone(pool);
  expect(logged.filter(({ level }) => level === 'warn')).toEqual([
    expect.objectContaining({
      msg: 'effect given up',
      effect: notice.key,
      reason: expect.stringMatching(/^is_archived: /),
    }),
  ]);
  const { rows } = await pool.query(`select data from event where incident_id = $1 and kind = 'message.refused'`, [
    incident,
  ]);
  expect(rows).toEqual([
    { data: { template: 'incident-notification', to: '#leadership', reason: expect.stringMatching(/^is_archived: /) } },
  ]);
  const [card] = slack.workspace.channel('#general').pins;
  expect(visibleText(card!)).toMatch(
    /1 send refused for good \(the incident notification to `management` \(#leadership\): is_archived: /,
  );
});
