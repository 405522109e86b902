import type { Estate } from '../src/domain/estate/model.ts';
import { startDbos } from './dbos.ts';
import { chainPlan, startEngine, type Engine, type Timing } from './engine.ts';
import type { BenchServer } from './server.ts';
import { quantile, round, spread } from './stats.ts';

const ROUNDS = 20;
const WORKFLOWS = 10;
const STEPS = 10;

/** Steps per second beside DBOS, latency from a step's end to its dependent's start, and cost by plan size. */
export async function benchSteps(server: BenchServer, estate: Estate, scale: number) {
  const engine = await startEngine(await server.database('bench_lifeboat'), estate);
  const dbos = await startDbos(await server.database('bench_dbos'));
  try {
    return {
      throughput: await throughput(engine, dbos, Math.ceil(ROUNDS * scale)),
      hand_over: await handOver(engine, Math.ceil(20 * scale)),
      plan_size: await planSize(engine, Math.ceil(3 * scale)),
    };
  } finally {
    await dbos.stop();
    await engine.stop();
  }
}

/** Rounds alternate, so that both meet the same noise. */
async function throughput(engine: Engine, dbos: Awaited<ReturnType<typeof startDbos>>, rounds: number) {
  const incidents = await Promise.all(Array.from({ length: WORKFLOWS }, () => engine.incident()));
  const [one = 0] = incidents;
  const [apart, together, peer]: [number[], number[], number[]] = [[], [], []];
  for (let index = -2; index < rounds; index += 1) {
    const plans = Array.from({ length: WORKFLOWS }, (_, n) => chainPlan(`r${index}-${n}`, STEPS));
    const again = Array.from({ length: WORKFLOWS }, (_, n) => chainPlan(`t${index}-${n}`, STEPS));
    const a = await engine.run(plans.map((plan, n) => ({ incident: incidents[n] ?? one, plan })));
    const p = await dbos.round(WORKFLOWS, STEPS);
    const t = await engine.run(again.map((plan) => ({ incident: one, plan })));
    if (index < 0) continue; // both warm up
    apart.push(a);
    peer.push(p);
    together.push(t);
  }
  const perSecond = (rounds: number[]) => round((WORKFLOWS * STEPS * 1000) / quantile(rounds, 0.5), 0);
  return {
    rounds,
    lifeboat_steps_per_s: perSecond(apart),
    lifeboat_one_incident_steps_per_s: perSecond(together),
    dbos_steps_per_s: perSecond(peer),
    ratio: round(perSecond(apart) / perSecond(peer)),
    ratio_one_incident: round(perSecond(together) / perSecond(peer)),
    target: 'ratio >= 1.5',
  };
}

/** From the end of a step's action to the beginning of its dependent's, over chains that run one at a time. */
async function handOver(engine: Engine, chains: number) {
  const incident = await engine.incident();
  engine.timings();
  const gaps: number[] = [];
  for (let index = 0; index < chains; index += 1) {
    const plan = chainPlan(`gap${index}`, 50);
    await engine.run([{ incident, plan }]);
    gaps.push(...gapsOf(engine.timings(), plan.name, 50));
  }
  return { ...spread(gaps), target: 'p50 <= 4 ms, p99 <= 10 ms' };
}

function gapsOf(timings: Map<string, Timing>, name: string, length: number): number[] {
  return Array.from({ length: length - 1 }, (_, index) => {
    const before = timings.get(`${name}/s${index}`);
    const after = timings.get(`${name}/s${index + 1}`);
    if (!before || !after) throw new Error(`step ${index} of ${name} was not timed`);
    return after.began - before.ended;
  });
}

/** Time for each step between the first and the last of a chain, by the plan's size; rounds alternate. */
async function planSize(engine: Engine, rounds: number) {
  const incident = await engine.incident();
  const [small, large]: [number[], number[]] = [[], []];
  for (let index = 0; index < rounds; index += 1) {
    for (let n = 0; n < 30; n += 1) small.push(await perStep(engine, incident, `p10-${index}-${n}`, 10));
    large.push(await perStep(engine, incident, `p1000-${index}`, 1000));
  }
  const [ten, thousand] = [quantile(small, 0.5), quantile(large, 0.5)];
  return {
    ms_per_step_of_10: round(ten),
    ms_per_step_of_1000: round(thousand),
    ratio: round(thousand / ten),
    target: 'ratio <= 1.1',
  };
}

async function perStep(engine: Engine, incident: number, name: string, length: number): Promise<number> {
  engine.timings();
  await engine.run([{ incident, plan: chainPlan(name, length) }]);
  const timings = engine.timings();
  const first = timings.get(`${name}/s0`);
  const last = timings.get(`${name}/s${length - 1}`);
  if (!first || !last) throw new Error(`${name} was not timed`);
  return (last.began - first.ended) / (length - 1);
}
