import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { checkRecord } from '../../src/domain/incident/record.ts';
import { chain, type NewEvent } from '../../src/domain/incident/timeline.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { timelineFile, timelineJson, timelineMarkdown, type Exported } from '../../templates/timeline-files.ts';
import { anIncident, at, smallEstate, T0 } from '../support/facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});

const ana = 'slack:U01ANA';
const LONG = `It began <here>:\n${'the pump was loud; '.repeat(600)}the end`;
const EVENTS: NewEvent[] = [
  { kind: 'incident.declared', actor: ana, data: { title: 'Orders & more fail', severity: 'P1', service: 'api' } },
  { kind: 'note.added', actor: ana, data: { text: LONG } },
  {
    kind: 'recovery.assessed',
    actor: 'lifeboat',
    data: { service: 'api', health: { '10': 'healthy', '9': 'healthy' } },
  },
  { kind: 'note.added', actor: 'slack:U01BEN', data: { text: 'password=hunter2 was wrong' } },
];

function exported(): Exported {
  const events = chain(12, { seq: 0, hash: '' }, EVENTS, T0);
  const last = events.at(-1)!;
  const incident = anIncident({ title: 'Orders & more fail', chain_seq: last.seq, chain_hash: last.hash });
  const record = checkRecord(incident, events, null, null);
  return { incident, events, estate, record, actor: ana, now: at(90) };
}

/** Runs what docs/operating.md tells people to run. */
function verify(json: string): string {
  const [, program] = /```js\n(\/\/ node verify\.mjs[\s\S]*?)```/.exec(
    readFileSync(join(ROOT, 'docs/operating.md'), 'utf8'),
  )!;
  writeFileSync(join(folder, 'verify.mjs'), program!);
  writeFileSync(join(folder, 'export.json'), json);
  const run = { encoding: 'utf8', stdio: 'pipe', timeout: 20_000 } as const;
  return execFileSync(process.execPath, [join(folder, 'verify.mjs'), join(folder, 'export.json')], run);
}

test('the export is verified by the lines that the documentation gives, and by nothing else', () => {
  const { name, text } = timelineJson(exported());
  expect(name).toBe('INC-12-timeline.json');
  expect(verify(text)).toBe('4 events, whole\n');
  expect(() => verify(text.replace('the pump was loud', 'the pump was quiet'))).toThrow(/event 2 does not fit/);
  const body = JSON.parse(text) as { events: object[] };
  expect(() => verify(JSON.stringify({ ...body, events: body.events.slice(0, 3) }))).toThrow(/last events are missing/);
  expect(() => verify(JSON.stringify({ ...body, events: body.events.slice(1) }))).toThrow(/event 2 does not fit/);
});

test('the export names people, keeps texts whole, and holds no secret that somebody typed', () => {
  const body = JSON.parse(timelineJson(exported()).text) as { events: Record<string, unknown>[]; exported_by: string };
  expect(body).toMatchObject({ estate: 'small-shop', exported_by: 'Ana Ito', exported_at: '2026-11-20T04:44:00.000Z' });
  expect(body.events[1]).toMatchObject({
    at: '2026-11-20T03:14:00.000Z',
    actor: ana,
    actor_name: 'Ana Ito',
    data: { text: LONG },
  });
  expect(body.events[3]).toMatchObject({ masked: true });
  for (const { text } of [timelineJson(exported()), timelineMarkdown(exported()), timelineFile(exported())])
    expect(text).not.toContain('hunter2');
});

test.each([
  ['Markdown', timelineMarkdown],
  ['text', timelineFile],
])('every event stands in the %s file with its time in UTC and its words whole', (_, make) => {
  const { text } = make(exported());
  expect(text.match(/2026-11-20 03:14:00\.000 UTC/g)!.length).toBeGreaterThanOrEqual(4);
  expect(text).toContain('Ana Ito declared P1 High: Orders & more fail');
  expect(text).toContain('It began <here>:\n');
  expect(text).toContain('the end');
  expect(text).toContain('Exported at 2026-11-20 04:44:00.000 UTC by Ana Ito');
  expect(text).not.toMatch(/<@|<!date|&amp;|&lt;/);
});
