import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { parseJson, textOf } from './args.ts';
import { type Answer, answerLimitMs, type Carrier, type DeliverOptions, type DeliveryKind } from './delivery.ts';
import type { Team } from './team.ts';
import type { Wire } from './wire.ts';

/** One URL for everything, or one each, as in an app's settings. */
export type RequestUrls = string | Partial<Record<DeliveryKind, string>>;

interface Prepared {
  kind: DeliveryKind;
  url: string;
  headers: Record<string, string>;
  body: string;
  payload: JsonObject;
}

/** `v0=` HMAC-SHA256 over `v0:timestamp:body`, the signature that Slack puts on each request. */
function sign(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** Sends commands, interactions and events to the bot's request URL, signed. */
export class HttpSender implements Carrier {
  urls: RequestUrls | undefined;
  #last: Prepared | undefined;
  #team: Team;
  #wire: Wire;
  #secret: string;

  constructor(team: Team, wire: Wire, secret: string) {
    this.#team = team;
    this.#wire = wire;
    this.#secret = secret;
  }

  get ready(): boolean {
    return this.urls !== undefined;
  }

  async deliver(kind: DeliveryKind, payload: JsonObject, options: DeliverOptions): Promise<Answer> {
    const url = typeof this.urls === 'string' ? this.urls : this.urls?.[kind];
    if (url === undefined) return { status: 0, body: null, ms: 0, via: 'http', error: 'dispatch_failed' };
    this.#last = this.#prepare(kind, url, payload, options);
    return this.#send(this.#last);
  }

  /** Sends the last request again, byte for byte, signature and timestamp included. */
  async replayLast(): Promise<Answer> {
    if (!this.#last) throw new Error('Nothing was sent over HTTP yet, so there is nothing to replay.');
    return this.#send(this.#last);
  }

  #prepare(kind: DeliveryKind, url: string, payload: JsonObject, { tamper = {}, retry }: DeliverOptions): Prepared {
    const form = kind !== 'events_api';
    const body =
      kind === 'slash_commands'
        ? formOf(payload)
        : form
          ? formOf({ payload: JSON.stringify(payload) })
          : JSON.stringify(payload);
    const timestamp = Math.floor(Date.now() / 1000) - (tamper.ageSeconds ?? 0);
    const secret = tamper.signature === 'wrong' ? `${this.#secret}-forged` : this.#secret;
    const headers: Record<string, string> = {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': String(timestamp),
    };
    if (tamper.signature !== 'missing') headers['x-slack-signature'] = sign(secret, timestamp, body);
    if (retry) Object.assign(headers, { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason });
    return { kind, url, headers, body, payload };
  }

  async #send(prepared: Prepared): Promise<Answer> {
    const started = performance.now();
    const answer = await post(prepared).then(
      ({ status, body }): Answer => ({
        status,
        body,
        ms: performance.now() - started,
        via: 'http',
        ...(status === 200 ? {} : { error: 'http_error' }),
      }),
      (error: unknown): Answer => ({
        status: 0,
        body: null,
        ms: performance.now() - started,
        via: 'http',
        error: error instanceof TimeoutError ? 'operation_timeout' : 'dispatch_failed',
      }),
    );
    const entry = this.#wire.add({
      at: this.#team.now(),
      direction: 'out',
      transport: 'http',
      method: prepared.kind,
      status: answer.status,
      ms: answer.ms,
      request: { headers: prepared.headers, body: prepared.payload },
      response: answer.body,
    });
    this.#team.emit('request', entry);
    this.#team.emit('changed');
    return answer;
  }
}

const formOf = (fields: JsonObject): string =>
  new URLSearchParams(Object.entries(fields).map(([key, value]): [string, string] => [key, textOf(value)])).toString();

class TimeoutError extends Error {}

/** One POST on a fresh connection; the whole answer must be there within Slack's three seconds. */
function post({ url, headers, body }: Prepared): Promise<{ status: number; body: Json }> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('close', () => clearTimeout(limit));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type']?.includes('json') ?? false;
        resolve({ status: response.statusCode ?? 0, body: (isJson ? parseJson(text) : undefined) ?? text });
      });
    });
    const limit = setTimeout(() => call.destroy(new TimeoutError('no answer within 3 s')), answerLimitMs);
    call.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    call.end(body);
  });
}
