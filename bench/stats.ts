/** The value below which the share `q` (0 to 1) of the samples lies; nearest rank. */
export function quantile(samples: number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  if (value === undefined) throw new Error('no samples');
  return value;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

export const spread = (samples: number[]) => ({
  samples: samples.length,
  p50_ms: round(quantile(samples, 0.5)),
  p99_ms: round(quantile(samples, 0.99)),
  max_ms: round(Math.max(...samples)),
});
