import { expect, test } from 'vitest';
import { openPool } from '../../src/postgres/db.ts';
import { createMetrics } from '../../src/web/metrics.ts';

/** What promtool's linter asks of every metric: https://prometheus.io/docs/practices/naming. */
function lint({ name, type, help }: { name: string; type: string; help: string }): string[] {
  return [
    ...(help.trim() === '' ? ['has no help'] : []),
    ...(type === 'counter' && !name.endsWith('_total') ? ['is a counter and does not end in _total'] : []),
    ...(type !== 'counter' && name.endsWith('_total') ? ['ends in _total and is no counter'] : []),
    ...(/_(count|sum|bucket)$/.test(name) ? ['ends as only the parts of a histogram do'] : []),
    ...(/_(ms|milliseconds|minutes|hours|kb|mb|kilobytes|megabytes|percent)(_|$)/.test(name)
      ? ['is not in seconds, bytes or ratios']
      : []),
    ...(new RegExp(`_(counter|gauge|histogram|summary)(_|$)`).test(name) ? ['names its type'] : []),
    ...(/[A-Z:]/.test(name) ? ['has capitals or colons'] : []),
  ];
}

function metricsOf(text: string): { name: string; type: string; help: string }[] {
  const helps = new Map([...text.matchAll(/^# HELP (\S+) ?(.*)$/gm)].map(([, name = '', help = '']) => [name, help]));
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({
    ...{ name, type },
    help: helps.get(name) ?? '',
  }));
}

test('what Lifeboat counts is named as Prometheus asks, also while its database is away', async () => {
  const pool = openPool('postgres://nobody@127.0.0.1:9/none', 1, () => undefined);
  try {
    const ours = metricsOf(await createMetrics(pool).text()).filter(({ name }) => name.startsWith('lifeboat_'));
    expect(ours.length).toBeGreaterThan(4);
    const found = ours.flatMap((metric) => lint(metric).map((problem) => `${metric.name} ${problem}`));
    expect(found).toEqual([]);
  } finally {
    await pool.end();
  }
});
