import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { keyOf, type Declared, type Program } from './program-world.ts';
import { waitFor } from './wait-for.ts';

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const SEED = Number(process.env.LIFEBOAT_CHAOS_SEED ?? 7);

/** A file to which each once-step appends its name, slowly enough to be hit in the middle. */
export class Ledger {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lifeboat-ledger-'));
  readonly file = join(this.#folder, 'ledger');
  readonly steps: string[];

  constructor(count: number) {
    writeFileSync(this.file, '');
    this.steps = Array.from({ length: count }, (_, index) => `s${index}`);
  }

  lines(): string[] {
    return readFileSync(this.file, 'utf8').split('\n').filter(Boolean);
  }

  /** The runbook: once-steps in rows of three, each row after the one before. */
  get runbook(): string {
    const write = 'sleep 0.06; echo "$2" >> "$1"; sleep 0.06';
    const steps = this.steps.map((id, index) => {
      const before = this.steps.slice(Math.max(0, Math.floor(index / 3) * 3 - 3), Math.floor(index / 3) * 3);
      return `  - id: ${id}
    name: Append ${id}
    uses: command
    with: { run: [sh, -c, ${JSON.stringify(write)}, sh, ${this.file}, ${id}] }
    side_effect: once
    needs: [${before.join(', ')}]
    probe: { uses: command, with: { run: [grep, -qx, ${id}, ${this.file}] } }
`;
    });
    return `description: Appends a line for each step.\nsteps:\n${steps.join('')}`;
  }

  isFull(): boolean {
    return this.lines().length >= this.steps.length;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Waits until the outside world heard of the program so many times more: a call to Slack or PagerDuty, or a step. */
export async function afterSignals(program: Program, ledgers: Ledger[], signals: number): Promise<void> {
  const { workspace, pager } = program.world;
  const written = (): number => ledgers.reduce((sum, ledger) => sum + ledger.lines().length, 0);
  const heard = (): number => workspace.requests().length + pager.requests().length + 3 * written();
  const before = heard();
  // Nothing more may come when all is done: then the blow falls on a quiet program.
  await waitFor('signals', () => heard() >= before + signals, { timeoutMs: 1500, everyMs: 2 }).catch(() => undefined);
}

/** kill -9 and start again; returns ms from readiness until work went on, 0 when it did before or there was none. */
export async function killAndStart(program: Program, args?: string[]): Promise<number> {
  await program.process().kill9();
  const started = new Date();
  await program.start(args);
  const ready = new Date();
  const [due] = await program.rows<{ left: number }>(
    `select count(*)::integer as left from effect where created_at < $1
       and (state in ('queued', 'running') or state = 'pending' and due_at <= now() + interval '1 second')`,
    [started],
  );
  return due?.left === 0 ? 0 : resumedAfter(program, started, ready);
}

/** Milliseconds from `ready` until the first effect that was done after `since`. */
export async function resumedAfter(program: Program, since: Date, ready: Date): Promise<number> {
  const done = await waitFor(
    'work to go on',
    async () => {
      const rows = await program.rows<{ at: Date | null }>(
        'select min(finished_at) as at from effect where finished_at > $1',
        [since],
      );
      return rows[0]?.at;
    },
    { timeoutMs: 15_000 },
  );
  return Math.max(0, done.getTime() - ready.getTime());
}

/** An incident with a page, a run of once-steps and people who write, while `blow` strikes at seeded moments. */
export async function scriptedIncident(
  program: Program,
  ledger: Ledger,
  random: () => number,
  blow: () => Promise<void>,
): Promise<Declared> {
  const [incident] = await scriptedIncidents(program, { ledger }, random, blow);
  return incident!;
}

/** Several at once, each with the runbook of its ledger, by its name: each blow, `times` at each moment, hits all. */
export async function scriptedIncidents(
  program: Program,
  ledgers: Record<string, Ledger>,
  random: () => number,
  blow: () => Promise<void>,
  times = 1,
): Promise<Declared[]> {
  const { workspace } = program.world;
  const all = Object.entries(ledgers).map(([runbook, ledger], index) => ({ runbook, ledger, id: index + 1 }));
  const moment = async (most: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await afterSignals(program, Object.values(ledgers), 1 + Math.floor(random() * most));
      await blow();
    }
  };
  const type = async (words: (runbook: string) => string, expected: RegExp): Promise<void> => {
    for (const { runbook, id } of all)
      expect((await program.dr('ana', `${words(runbook)} INC-${id}`)).text).toMatch(expected);
  };
  for (const { id } of all) {
    const { text } = await program.dr('ana', `declare P0 Everything shakes ${'again '.repeat(id - 1)}`);
    expect(text).toContain(`INC-${id} declared`);
  }
  await moment(8);
  const incidents: Declared[] = [];
  for (const { id } of all) {
    const room = await workspace.waitForChannel(new RegExp(`^dr-${id}-`), { timeout: 20_000 });
    incidents.push({ id, room, channel: `#${room.name}` });
  }
  await type((runbook) => `run ${runbook}`, /^Run \d+ \(ledger/);
  await moment(12);
  await type(() => 'note first', /^Noted/);
  await moment(12);
  await type(() => 'update It shakes less', /^Update for INC-/);
  await moment(12);
  await program.world.pager.waitFor(() => true, { timeout: 15_000 });
  await type(() => 'ack', /^You acknowledged/);
  await moment(12);
  await waitFor('the runs to be over', () => all.every(({ ledger }) => ledger.isFull()), { timeoutMs: 30_000 });
  const recorded = async (): Promise<boolean> =>
    (await program.rows(`select 1 from run where state = 'succeeded'`)).length === all.length;
  await waitFor('the runs to be recorded', recorded, { timeoutMs: 15_000 });
  await type(() => 'resolve It stands still', /^INC-\d is resolved/);
  await moment(6);
  await program.idle(60_000);
  return incidents;
}

/** Nothing was lost and nothing was doubled. */
export async function expectWhole(
  program: Program,
  ledgers: Ledger | Ledger[],
  incidents: Declared | Declared[],
): Promise<void> {
  const { world } = program;
  const all = [incidents].flat();
  for (const ledger of [ledgers].flat()) expect([...ledger.lines()].sort()).toEqual([...ledger.steps].sort());
  expect(program.doubles()).toEqual([]);
  const undone = `select key, state, error from effect where state not in ('done', 'cancelled') and queue not in ('timers', 'escalation')`;
  expect(await program.rows(undone)).toEqual([]);
  // What was obsolete when its turn came, such as the word of a page that somebody had answered, is not posted.
  const posts = await program.rows<{ key: string }>(
    `select key from effect where kind in ('message.post', 'approval.post') and state = 'done'
       and result->>'skipped' is null`,
  );
  const there = new Set(world.workspace.messages().map(keyOf));
  expect(posts.map(({ key }) => key).filter((key) => !there.has(key))).toEqual([]);
  for (const { id, room } of all) {
    expect(room.pins.map(keyOf)).toEqual([`card:${id}:first`]);
    expect(room.pins[0]?.text).toMatch(/resolved/i);
  }
  const pages = world.pager.alerts();
  expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 'resolved'));
  expect(new Set(pages.map(({ dedup_key }) => dedup_key)).size).toBe(pages.length);
  for (const { dedup_key } of pages) expect(world.pager.notifications(dedup_key)).toBe(1);
  expect(pages.length).toBeGreaterThan(0);
  const events = await program.rows<{ kind: string; times: number }>(
    `select kind, count(*)::integer as times from event
     where kind in ('note.added', 'update.posted', 'incident.acknowledged', 'run.started', 'run.succeeded',
                    'incident.resolved', 'page.sent') group by kind`,
  );
  expect(Object.fromEntries(events.map(({ kind, times }) => [kind, times]))).toEqual({
    'note.added': all.length,
    'update.posted': all.length,
    'incident.acknowledged': all.length,
    'run.started': all.length,
    'run.succeeded': all.length,
    'incident.resolved': all.length,
    'page.sent': pages.length,
  });
  for (const { id } of all) {
    const timeline = await program.dr('ana', `timeline INC-${id}`);
    expect(JSON.stringify(timeline.blocks)).toContain('The record is whole');
  }
}
