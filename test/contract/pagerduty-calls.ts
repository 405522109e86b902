import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';

export const KEY = 'a'.repeat(32);
export const payload = { summary: 'down', source: 'site', severity: 'critical' };
export const trigger = { routing_key: KEY, event_action: 'trigger', dedup_key: 'k1', payload };

/** Posts an event without the adapter, as any program could. */
export async function enqueue(
  pd: PagerDutyStandIn,
  event: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const answer = await fetch(`${pd.eventsUrl}/enqueue`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

interface RestInit {
  token?: string;
  headers?: Record<string, string>;
  /** Makes it a POST. */
  json?: unknown;
}

/** Calls the REST API without the adapter; `list` are the items under the body's first key. */
export async function rest(pd: PagerDutyStandIn, path: string, { token = pd.apiToken, headers, json }: RestInit = {}) {
  const answer = await fetch(`${pd.apiUrl}${path}`, {
    headers: { authorization: `Token token=${token}`, ...headers },
    ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
  });
  const text = await answer.text();
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  const first = Object.values(body)[0];
  const list = (Array.isArray(first) ? first : []) as Record<string, unknown>[];
  return { status: answer.status, headers: answer.headers, body, list };
}
