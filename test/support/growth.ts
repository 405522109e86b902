import type pg from 'pg';
import type { Statement } from './statements.ts';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Index Name'?: string;
  'Total Cost': number;
  'Plan Rows': number;
  Plans?: Plan[];
}

/**
 * What the planner means to do without knowing values, as it plans what is prepared. A `limit $n` stands for 100 rows:
 * of an unknown limit it believes a tenth of the table.
 */
async function planOf(pool: pg.Pool, { name, text }: Statement): Promise<Plan> {
  const limits = new Set([...text.matchAll(/\blimit \$(\d+)/g)].map(([, number]) => Number(number)));
  const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const types = Array.from({ length: count }, (_, index) => (limits.has(index + 1) ? 'integer' : 'unknown'));
  const list = (each: readonly string[]): string => (each.length === 0 ? '' : `(${each.join(', ')})`);
  const client = await pool.connect();
  try {
    // Without the cost of pages, which small tables have few of, what is left counts the rows that are touched.
    await client.query('set plan_cache_mode = force_generic_plan; set seq_page_cost = 0; set random_page_cost = 0');
    await client.query(`prepare tried ${list(types)} as ${text.replaceAll(/\blimit \$\d+/g, 'limit 100')}`);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (format json) execute tried ${list(types.map(() => 'null'))}`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (!plan) throw new Error('no plan');
    return plan;
  } catch (error) {
    throw new Error(`statement ${name}`, { cause: error });
  } finally {
    client.release(true);
  }
}

/** Every part of a plan. */
function* nodesIn(plan: Plan): Generator<Plan> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesIn(child);
}

/** Tables that grow with what is over; others hold a row for each key, estate or process. */
const GROWING = new Set([
  ...['incident', 'event', 'effect', 'run', 'plan', 'step', 'step_output', 'approval', 'approval_decision'],
  ...['page', 'role_assignment', 'inbound', 'lane'],
]);

/** Growing tables that are read from end to end. */
const scansOf = (plan: Plan): string[] =>
  [...nodesIn(plan)]
    .flatMap((node) => (node['Node Type'].endsWith('Seq Scan') ? (node['Relation Name'] ?? []) : []))
    .filter((table) => GROWING.has(table));

/** What a wrong guess of rows costs, of which a large table makes the planner guess a few: some dozen rows. */
const SLACK = 20;

/**
 * Statements whose plan reads a whole table, or costs more than `most` times as much where more is over; each with why.
 * The depth of an index grows with the logarithm of the table, so some growth is right.
 */
export async function growing(
  small: pg.Pool,
  large: pg.Pool,
  statements: readonly Statement[],
  most = 2.5,
): Promise<string[]> {
  const found: string[] = [];
  for (const statement of statements) {
    const [before, after] = [await planOf(small, statement), await planOf(large, statement)];
    const scans = scansOf(after);
    if (scans.length > 0) found.push(`${statement.name}: reads all of ${scans.join(', ')}`);
    const [few, many] = [before['Total Cost'], after['Total Cost']];
    if (many > most * few + SLACK) found.push(`${statement.name}: cost ${few} with little history, ${many} with much`);
  }
  return found;
}

/**
 * Statements whose plan, made while the tables are empty, reads a growing table whole to hash or merge it: it stays for as
 * long as its connection lives.
 */
export async function wholeWhenEmpty(pool: pg.Pool, statements: readonly Statement[]): Promise<string[]> {
  const whole: string[] = [];
  for (const statement of statements) {
    const joins = [...nodesIn(await planOf(pool, statement))].filter(({ 'Node Type': type }) =>
      /^(Hash|Merge) Join$/.test(type),
    );
    const growingInside = joins
      .flatMap((join) => [...nodesIn(join)])
      .filter((node) => GROWING.has(node['Relation Name'] ?? ''));
    if (growingInside.length > 0) whole.push(`${statement.name}: ${growingInside[0]?.['Relation Name']}`);
  }
  return whole;
}
