import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../../src/domain/json.ts';
import type { Account } from './account.ts';
import type { SlidingWindow } from './sliding-window.ts';
import type { Agent, Alert, Answer } from './types.ts';

/** PagerDuty: an event may have 512 KB. */
export const EVENT_BYTES = 512 * 1024;
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

/** POST /v2/enqueue: 202 accepted, 400 with the list of mistakes, 429 over the pace of one routing key. */
export function enqueue(account: Account, pace: SlidingWindow, raw: string): Answer {
  const event = parse(raw);
  if (event === undefined)
    return invalid('Unrecognized object', 'Event object format is unrecognized', ['JSON parse error']);
  const errors = problems(event);
  if (errors.length > 0) return invalid('invalid event', 'Event object is invalid', errors);
  const routing_key = textOf(event.routing_key);
  if (!account.service(routing_key)) return invalid('invalid event', 'Invalid routing key', []);
  if (pace.take(routing_key) > 0) {
    return {
      status: 429,
      body: { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' },
    };
  }
  const dedup_key = typeof event.dedup_key === 'string' ? event.dedup_key : randomUUID().replaceAll('-', '');
  apply(account, event, routing_key, dedup_key);
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key } };
}

/** Acknowledge and resolve for a key without an open alert are accepted and dropped. */
function apply(account: Account, event: JsonObject, routing_key: string, dedup_key: string): void {
  const name = account.service(routing_key)?.name ?? 'service';
  const agent: Agent = { id: 'PINTEGR', type: 'events_api_v2_inbound_integration_reference', summary: name };
  const open = account.open(routing_key, dedup_key);
  if (event.event_action === 'acknowledge' && open) account.acknowledge(open, agent);
  if (event.event_action === 'resolve' && open) account.resolve(open, agent);
  if (event.event_action === 'trigger') account.trigger(routing_key, dedup_key, fields(event), agent);
}

function fields(event: JsonObject): Pick<Alert, 'summary' | 'source' | 'severity' | 'details'> {
  const payload = objectOf(event.payload) ?? {};
  const severity = SEVERITIES.find((word) => word === payload.severity) ?? 'critical';
  const details = objectOf(payload.custom_details) ?? {};
  return { summary: textOf(payload.summary), source: textOf(payload.source), severity, details };
}

function problems(event: JsonObject): string[] {
  const found: string[] = [];
  const key = event.routing_key;
  if (typeof key !== 'string' || key === '') found.push(`'routing_key' is missing or blank`);
  else if (key.length !== 32) found.push(`Length of 'routing_key' is incorrect (should be 32 characters)`);
  else if (!/^[a-z0-9]+$/i.test(key)) found.push(`'routing_key' cannot contain non-alphanumeric characters.`);
  const action = event.event_action;
  if (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve') {
    found.push(`'event_action' must be one of 'trigger', 'acknowledge', 'resolve'`);
  }
  const dedup = event.dedup_key;
  if (dedup !== undefined && typeof dedup !== 'string') found.push(`'dedup_key' must be a string`);
  if (typeof dedup === 'string' && dedup.length > 255)
    found.push(`'dedup_key' is too long (maximum is 255 characters)`);
  if (action !== 'trigger' && (dedup === undefined || dedup === '')) found.push(`'dedup_key' is missing or blank`);
  if (action === 'trigger') found.push(...payloadProblems(objectOf(event.payload)));
  return found;
}

function payloadProblems(payload: JsonObject | undefined): string[] {
  if (!payload) return [`'payload' is missing or blank`];
  const found: string[] = [];
  for (const name of ['summary', 'source'] as const) {
    if (textOf(payload[name]).trim() === '') found.push(`'payload.${name}' is missing or blank`);
  }
  if (textOf(payload.summary).length > 1024) found.push(`'payload.summary' is too long (maximum is 1024 characters)`);
  if (!SEVERITIES.some((word) => word === payload.severity)) {
    found.push(`'payload.severity' must be one of 'critical', 'error', 'warning', 'info'`);
  }
  if (payload.custom_details !== undefined && !objectOf(payload.custom_details)) {
    found.push(`'payload.custom_details' must be an object`);
  }
  return found;
}

const invalid = (status: string, message: string, errors: string[]): Answer => ({
  status: 400,
  body: { status, message, errors },
});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

function parse(raw: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(raw));
  } catch {
    return undefined;
  }
}
