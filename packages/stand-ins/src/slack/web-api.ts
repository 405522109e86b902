import type { JsonObject } from '../../../../src/domain/json.ts';
import { Args } from './args.ts';
import type { Fault, Faults } from './faults.ts';
import type { RateLimits } from './limits.ts';
import { methods } from './methods/registry.ts';
import type { Method } from './methods/method.ts';
import { SlackRefusal } from './refusal.ts';
import type { Team } from './team.ts';
import type { Wire } from './wire.ts';

export interface Tokens {
  bot: string;
  app: string;
}

export interface ApiRequest {
  method: string;
  contentType: string;
  authorization: string;
  query: URLSearchParams;
  body: string;
  /** Like 127.0.0.1:1234. */
  host: string;
}

/** How the server is to answer: with a status and a body, or (`cut`, `hold`) not at all. Times are ms. */
export interface ApiAnswer {
  status: number;
  body: JsonObject | string;
  headers: Record<string, string>;
  delayMs: number;
  ending: 'answer' | 'cut' | 'hold';
}

const ok = (body: JsonObject): ApiAnswer => ({ status: 200, body, headers: {}, delayMs: 0, ending: 'answer' });
const refuse = (error: string, messages: string[] = []): ApiAnswer =>
  ok({
    ok: false,
    error,
    ...(messages.length > 0
      ? { errors: messages, response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } }
      : {}),
  });
const rateLimited = (seconds: number): ApiAnswer => ({
  ...refuse('ratelimited'),
  status: 429,
  headers: { 'retry-after': String(seconds) },
});
const broken = (status: number): ApiAnswer => ({ ...ok({}), status, body: 'The stand-in was asked to fail.' });

/** Answers Web API calls: faults first, then token, limits and the method itself. */
export class WebApi {
  #team: Team;
  #faults: Faults;
  #limits: RateLimits;
  #wire: Wire;
  #tokens: Tokens;
  #methods: Record<string, Method>;

  constructor(parts: {
    team: Team;
    faults: Faults;
    limits: RateLimits;
    wire: Wire;
    tokens: Tokens;
    extra: Record<string, Method>;
  }) {
    this.#team = parts.team;
    this.#faults = parts.faults;
    this.#limits = parts.limits;
    this.#wire = parts.wire;
    this.#tokens = parts.tokens;
    this.#methods = { ...methods, ...parts.extra };
  }

  handle(request: ApiRequest): ApiAnswer {
    const started = performance.now();
    const at = this.#team.now();
    let args: Args;
    try {
      args = Args.parse(request.contentType, request.body, request.query);
    } catch (error) {
      if (error instanceof SlackRefusal) return refuse(error.code);
      throw error;
    }
    const fault = this.#faults.take(request.method, args.raw);
    const answer = this.#withFault(fault, () => this.#answer(request, args));
    const entry = this.#wire.add({
      at,
      direction: 'in',
      transport: 'http',
      method: request.method,
      status: answer.ending === 'answer' ? answer.status : 0,
      ms: performance.now() - started,
      request: args.raw,
      response: answer.body,
      ...(fault ? { fault: fault.kind } : {}),
    });
    this.#team.emit('request', entry);
    this.#team.emit('changed');
    return answer;
  }

  #withFault(fault: Fault | undefined, answer: () => ApiAnswer): ApiAnswer {
    switch (fault?.kind) {
      case undefined:
        return answer();
      case 'status':
        return broken(fault.status);
      case 'page':
        return { ...broken(fault.status ?? 200), body: fault.body ?? '<html><h1>Sign in to go on</h1></html>' };
      case 'rate_limited':
        return rateLimited(fault.retryAfter);
      case 'slow':
        return { ...answer(), delayMs: fault.ms };
      case 'hang':
        return { ...broken(0), ending: 'hold', delayMs: fault.ms ?? Infinity };
      case 'reset':
        return { ...broken(0), ending: 'cut' };
      case 'apply_then_reset':
        return { ...answer(), ending: 'cut' };
      case 'apply_then_hang':
        return { ...answer(), ending: 'hold', delayMs: fault.ms ?? Infinity };
      case 'apply_then_status':
        answer();
        return broken(fault.status);
      case 'error':
        if (fault.apply ?? false) answer();
        return refuse(fault.error);
    }
  }

  #answer(request: ApiRequest, args: Args): ApiAnswer {
    const method = this.#methods[request.method];
    if (!method) return refuse('unknown_method');
    const denied = this.#denied(method, request, args);
    if (denied !== undefined) return refuse(denied);
    const wait = this.#limits.take(request.method, method.tier, args.str('channel'), this.#team.now());
    if (wait > 0) return rateLimited(wait);
    try {
      const body = { ok: true, ...method.run({ team: this.#team, args, base: `http://${request.host}` }) };
      return { ...ok(body), headers: { 'x-oauth-scopes': this.#team.scopes.join(',') } };
    } catch (error) {
      if (error instanceof SlackRefusal) return refuse(error.code, error.messages);
      throw error;
    }
  }

  #denied(method: Method, request: ApiRequest, args: Args): string | undefined {
    const token = request.authorization.replace(/^Bearer\s+/i, '') || args.str('token');
    if (token === '') return 'not_authed';
    if (token !== this.#tokens.bot && token !== this.#tokens.app) return 'invalid_auth';
    const wanted = method.token ?? 'bot';
    return token === this.#tokens[wanted] ? undefined : 'not_allowed_token_type';
  }
}
