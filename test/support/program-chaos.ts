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

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Waits until the outside world heard of the program so many times more: a call to Slack or PagerDuty, or a step. */
export async function afterSignals(program: Program, ledger: Ledger, signals: number): Promise<void> {
  const { workspace, pager } = program.world;
  const heard = (): number => workspace.requests().length + pager.requests().length + 3 * ledger.lines().length;
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
  const moment = async (most: number): Promise<void> => {
    await afterSignals(program, ledger, 1 + Math.floor(random() * most));
    await blow();
  };
  const { workspace } = program.world;
  const answer = (await program.dr('ana', 'declare P0 Everything shakes')).text;
  expect(answer).toMatch(/INC-1 declared/);
  await moment(8);
  const room = await workspace.waitForChannel(/^dr-1-/, { timeout: 20_000 });
  const incident = { id: 1, room, channel: `#${room.name}` };
  const type = async (words: string, expected: RegExp): Promise<void> => {
    expect((await program.dr('ana', `${words} INC-1`)).text).toMatch(expected);
  };
  await type('run ledger', /^Run 1 \(ledger/);
  await moment(12);
  await type('note first', /^Noted/);
  await moment(12);
  await type('update It shakes less', /^Update for INC-1/);
  await moment(12);
  await program.world.pager.waitFor(() => true, { timeout: 15_000 });
  await type('ack', /^You acknowledged/);
  await moment(12);
  await waitFor('the run to be over', () => ledger.lines().length >= ledger.steps.length, { timeoutMs: 30_000 });
  await waitFor(
    'the run to be recorded',
    async () => (await program.rows(`select 1 from run where state = 'succeeded'`)).length === 1,
    { timeoutMs: 15_000 },
  );
  await type('resolve It stands still', /^INC-1 is resolved/);
  await moment(6);
  await program.idle(40_000);
  return incident;
}

/** Nothing was lost and nothing was doubled. */
export async function expectWhole(program: Program, ledger: Ledger, { room }: Declared): Promise<void> {
  const { world } = program;
  expect([...ledger.lines()].sort()).toEqual([...ledger.steps].sort());
  expect(program.doubles()).toEqual([]);
  const undone = `select key, state, error from effect where state not in ('done', 'cancelled') and queue <> 'timers'`;
  expect(await program.rows(undone)).toEqual([]);
  const posts = await program.rows<{ key: string }>(
    `select key from effect where kind in ('message.post', 'approval.post') and state = 'done'`,
  );
  const there = new Set(world.workspace.messages().map(keyOf));
  expect(posts.map(({ key }) => key).filter((key) => !there.has(key))).toEqual([]);
  expect(room.pins.map(keyOf)).toEqual(['card:1:first']);
  expect(room.pins[0]?.text).toMatch(/resolved/i);
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
    'note.added': 1,
    'update.posted': 1,
    'incident.acknowledged': 1,
    'run.started': 1,
    'run.succeeded': 1,
    'incident.resolved': 1,
    'page.sent': pages.length,
  });
  const timeline = await program.dr('ana', 'timeline INC-1');
  expect(JSON.stringify(timeline.blocks)).toContain('The record is whole');
}
