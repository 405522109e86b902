import type pg from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { effectCounts } from '../store/effect/effect-views.ts';
import { countOpen } from '../store/incident/incidents.ts';

export interface Metrics {
  effect(kind: string, outcome: string, ms: number): void;
  command(verb: string, ok: boolean, ms: number): void;
  /** The Prometheus text; asks the database for what only it knows. */
  text(): Promise<string>;
}

/** Counters of this process and gauges of the database, in one registry of their own. */
export function createMetrics(pool: pg.Pool): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const effects = new Histogram({
    name: 'lifeboat_effect_seconds',
    help: 'Time from the claim of an effect to its outcome.',
    labelNames: ['kind', 'outcome'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  const commands = new Histogram({
    name: 'lifeboat_command_seconds',
    help: 'Time from a command to its answer.',
    labelNames: ['verb', 'ok'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3],
    registers,
  });
  const open = new Gauge({ name: 'lifeboat_incidents_open', help: 'Incidents that are open.', registers });
  const waiting = new Gauge({
    name: 'lifeboat_effects',
    help: 'Effects under way, and those in trouble of incidents that are not closed, by queue and state.',
    labelNames: ['queue', 'state'],
    registers,
  });
  const failures = new Counter({
    name: 'lifeboat_metrics_errors_total',
    help: 'Scrapes without the database.',
    registers,
  });
  return {
    effect: (kind, outcome, ms) => effects.observe({ kind, outcome }, ms / 1000),
    command: (verb, ok, ms) => commands.observe({ verb, ok: String(ok) }, ms / 1000),
    async text() {
      try {
        const [counts, incidents] = await Promise.all([effectCounts(pool), countOpen(pool)]);
        waiting.reset();
        for (const { queue, state, count } of counts) waiting.set({ queue, state }, count);
        open.set(incidents);
      } catch {
        failures.inc();
      }
      return registry.metrics();
    },
  };
}
