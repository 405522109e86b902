import { Agent, fetch } from 'undici';
import type { Response } from 'undici';
import type { Json } from '../domain/json.ts';
import type { Outcome } from '../domain/effect/outcome.ts';
import { done, rejected, unknown } from '../domain/effect/outcome.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Action } from '../ports/action.ts';
import { checkBody, checkStatus } from './http-expect.ts';
import { neverSent, rootCause } from './http-failure.ts';
import { readHttpInput } from './http-input.ts';
import type { HttpInput } from './http-input.ts';
import { parseJson } from './input.ts';
import { withoutNul } from './process-output.ts';

/** Bytes of an answer that are read, compared and kept. */
const KEPT_BYTES = 64 * 1024;

/** Makes one HTTP request and compares the answer; a request that may have changed something and got no answer is unknown. */
export const http: Action = {
  name: 'http',
  async run(input, { signal, confirm }) {
    const read = readHttpInput(input);
    if (!read.ok) return rejected(`http: ${read.reason}`);
    if (signal.aborted) return rejected(`${read.value.label}: not sent: ${messageOf(signal.reason)}`);
    confirm?.();
    // One connection per request: a kept one that the server has just closed would look like a lost answer.
    const dispatcher = new Agent({ pipelining: 0 });
    try {
      return await exchange(read.value, signal, dispatcher);
    } finally {
      await dispatcher.destroy();
    }
  },
};

async function exchange(request: HttpInput, signal: AbortSignal, dispatcher: Agent): Promise<Outcome<Json>> {
  const { method, url, headers, body, redirect, label, mutating } = request;
  const started = performance.now();
  try {
    const response = await fetch(url, { method, headers, body, redirect, signal, dispatcher });
    const wrongStatus = checkStatus(response.status, request.expect_status);
    const text = await readStart(response);
    if (wrongStatus !== undefined) return wrongAnswer(request, response.status, `${wrongStatus}${quote(text)}`);
    const answer = response.headers.get('content-type')?.includes('json') === true ? parseJson(text) : undefined;
    const value = answer ?? withoutNul(text);
    const wrongBody = checkBody(text, value, request);
    if (wrongBody !== undefined) return rejected(`${label}: ${wrongBody}`);
    return done({ status: response.status, body: value, ms: Math.round(performance.now() - started) });
  } catch (error) {
    const reason = signal.aborted ? messageOf(signal.reason) : rootCause(error);
    if (!mutating || neverSent(error)) return rejected(`${label}: ${reason}`);
    return unknown(`${label}: no complete answer (${reason}); the request may have taken effect`);
  }
}

/** 502 and 504 come from a gateway that lost the answer; the server behind it may have done the work. */
function wrongAnswer({ label, mutating }: HttpInput, status: number, reason: string): Outcome<never> {
  return mutating && (status === 502 || status === 504)
    ? unknown(`${label}: ${reason}; the request may have taken effect`)
    : rejected(`${label}: ${reason}`);
}

async function readStart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null) {
    // Leaving the loop cancels the rest of the body.
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= KEPT_BYTES) break;
    }
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, KEPT_BYTES));
}

const quote = (text: string): string => {
  const start = Array.from(withoutNul(text).trim().replaceAll(/\s+/g, ' ')).slice(0, 200).join('');
  return start === '' ? '' : `: ${start}`;
};
