import { randomBytes } from 'node:crypto';
import { Account } from './account.ts';
import { enqueue } from './events-api.ts';
import { Faults } from './faults.ts';
import { HttpServer } from './http-server.ts';
import { Pager } from './pager.ts';
import { answerRest } from './rest-api.ts';
import { SlidingWindow } from './sliding-window.ts';
import type { Answer, RecordedRequest, StandInSchedule, StandInService, StandInUser } from './types.ts';
import { Webhooks } from './webhooks.ts';

export interface PagerDutyStandInOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** The routing keys that are known (32 characters), or the service behind each; one random key unless told. */
  routingKeys?: string[] | Record<string, StandInService>;
  apiToken?: string;
  webhookUrl?: string;
  webhookSecret?: string;
  users?: StandInUser[];
  schedules?: StandInSchedule[];
  /** PagerDuty: about 120 events/min for each routing key. */
  eventsPerMinute?: number;
  /** PagerDuty: 960 REST calls/min for each token. */
  restPerMinute?: number;
  /** The first pause between two attempts of a webhook, in ms. */
  webhookRetryMs?: number;
}

export interface PagerDutyStandIn {
  /** As PAGERDUTY_EVENTS_URL wants it: `/enqueue` is added by the caller. */
  eventsUrl: string;
  apiUrl: string;
  routingKeys: string[];
  apiToken: string;
  webhookSecret: string;
  pager: Pager;
  close(): Promise<void>;
}

const USERS: StandInUser[] = [
  { id: 'PANA001', name: 'Ana Ito', email: 'ana@example.com' },
  { id: 'PBEN001', name: 'Ben Okoro', email: 'ben@example.com' },
];
const SCHEDULES: StandInSchedule[] = [{ id: 'PSCHED1', name: 'Primary on-call', users: ['PANA001'] }];

/** Starts a PagerDuty on 127.0.0.1: Events API v2, the part of REST v2 that Lifeboat uses, webhooks v3. */
export async function startPagerDutyStandIn(options: PagerDutyStandInOptions = {}): Promise<PagerDutyStandIn> {
  const schedules = options.schedules ?? SCHEDULES;
  const services = servicesOf(options.routingKeys ?? [randomHex(16)], schedules[0]?.id);
  const account = new Account({ users: options.users ?? USERS, schedules, services });
  const apiToken = options.apiToken ?? randomHex(10);
  const webhookSecret = options.webhookSecret ?? randomHex(32);
  const eventPace = new SlidingWindow(options.eventsPerMinute ?? 120, 60_000);
  const restPace = new SlidingWindow(options.restPerMinute ?? 960, 60_000);

  const answer = (request: RecordedRequest): Answer => {
    if (request.api === 'rest') return answerRest(account, apiToken, restPace, request);
    if (request.method === 'POST' && request.path === '/v2/enqueue') return enqueue(account, eventPace, request.body);
    return { status: 404, body: { status: 'not found', message: 'Not Found' } };
  };
  const faults = new Faults();
  const server = new HttpServer(
    faults,
    { record: (request) => pager.record(request), over: (request) => pager.emit('answered', request) },
    answer,
  );
  const secrets = [webhookSecret];
  const webhooks = new Webhooks(
    { url: options.webhookUrl, secrets, retry_ms: options.webhookRetryMs ?? 250 },
    (delivery) => pager.emit('webhook', delivery),
  );
  const pager = new Pager({ account, faults, server, webhooks, paces: [eventPace, restPace] });

  await server.listen(options.port ?? 0);
  const apiUrl = `http://127.0.0.1:${server.port}`;
  return {
    ...{ eventsUrl: `${apiUrl}/v2`, apiUrl, routingKeys: Object.keys(services), apiToken, webhookSecret, pager },
    close: async () => {
      await webhooks.close();
      await server.close();
    },
  };
}

function servicesOf(
  keys: string[] | Record<string, StandInService>,
  schedule?: string,
): Record<string, StandInService> {
  if (!Array.isArray(keys)) return keys;
  const services = keys.map((key, index): [string, StandInService] => {
    const name = `Lifeboat ${index + 1}`;
    return [key, schedule === undefined ? { name } : { name, schedule }];
  });
  return Object.fromEntries(services);
}

const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');
