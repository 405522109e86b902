import type { Json } from '../../../../src/domain/json.ts';
import { parseJson } from '@lifeboat/stand-ins/slack/args';
import { withoutSecrets, type WireEntry } from '@lifeboat/stand-ins/slack/wire';
import type { RecordedRequest } from '@lifeboat/stand-ins/pagerduty/types';
import type { Delivery } from '@lifeboat/stand-ins/pagerduty/webhooks';
import type { WireRow } from './protocol.ts';

/** How many rows are kept for a page that is opened later. */
const KEPT_ROWS = 300;

type Row = Omit<WireRow, 'n'>;

/** Numbers the rows; the same thing told again, such as a request that was answered meanwhile, keeps its number. */
export class WireRows {
  #rows: WireRow[] = [];
  #count = 0;
  readonly #numbers = new WeakMap<object, number>();

  list(): WireRow[] {
    return this.#rows;
  }

  put(source: object, row: Row): WireRow {
    const known = this.#numbers.get(source);
    const n = known ?? (this.#count += 1);
    const numbered = { ...row, n };
    this.#numbers.set(source, n);
    if (known === undefined) this.#rows = [...this.#rows, numbered].slice(-KEPT_ROWS);
    else this.#rows = this.#rows.map((each) => (each.n === n ? numbered : each));
    return numbered;
  }

  clear(): void {
    this.#rows = [];
  }
}

/** The stand-in's `in` is Lifeboat's way out. */
export const slackRow = (entry: WireEntry): Row => ({
  at: entry.at,
  between: 'slack',
  direction: entry.direction === 'in' ? 'out' : 'in',
  what: entry.fault === undefined ? entry.method : `${entry.method} (${entry.fault})`,
  status: entry.status,
  ms: Math.round(entry.ms),
  request: entry.request,
  response: entry.response,
});

export const pagerRow = (request: RecordedRequest): Row => ({
  at: Math.round(request.arrived_at),
  between: 'pagerduty',
  direction: 'out',
  what: `${request.method} ${request.path}`,
  status: request.status ?? 0,
  ms: request.ms === undefined ? null : Math.round(request.ms),
  request: withoutSecrets({ headers: { ...request.headers }, body: asJson(request.body) }),
  response: withoutSecrets(asJson(request.response === undefined ? '' : JSON.stringify(request.response))),
});

export const webhookRow = (delivery: Delivery): Row => ({
  at: Date.now(),
  between: 'pagerduty',
  direction: 'in',
  what: `webhook ${delivery.type}`,
  status: delivery.attempts.at(-1) ?? 0,
  ms: null,
  request: withoutSecrets({ 'x-webhook-id': delivery.webhook_id, body: asJson(delivery.body) }),
  response: { state: delivery.state, attempts: [...delivery.attempts] },
});

const asJson = (text: string): Json => (text === '' ? null : (parseJson(text) ?? text));
