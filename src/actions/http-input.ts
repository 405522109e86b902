import { Headers } from 'undici';
import * as z from 'zod';
import type { Json } from '../domain/json.ts';
import { json, readInput, scalars } from './input.ts';

const status = z.number().int().min(100).max(599);

const schema = z.strictObject({
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .pipe(z.enum(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']))
    .default('GET'),
  url: z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' }),
  headers: scalars.refine(areHeaders, 'a name or value that HTTP does not allow').default({}),
  body: json.optional(),
  expect_status: z.union([status, z.array(status).min(1)]).optional(),
  expect_body: z.string().optional(),
  expect_json: z.record(z.string(), json).optional(),
});

export interface HttpInput {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  redirect: 'follow' | 'manual';
  expect_status: number[] | undefined;
  expect_body: string | undefined;
  expect_json: Record<string, Json> | undefined;
  /** Method and address without query and password, for messages. */
  label: string;
  /** May the request change something at the server? */
  mutating: boolean;
}

/** Checks a step's `with` for http and makes it ready to send. */
export function readHttpInput(input: unknown): { ok: true; value: HttpInput } | { ok: false; reason: string } {
  const read = readInput(schema, input);
  if (!read.ok) return read;
  const { method, body, expect_body, expect_json } = read.value;
  const mutating = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  if (!mutating && body !== undefined)
    return { ok: false, reason: `the input does not fit: body: a ${method} has none` };
  const url = new URL(read.value.url);
  const headers = withImpliedHeaders(read.value.headers, url, body);
  const label = `${method} ${url.origin}${url.pathname}`;
  url.username = url.password = '';
  const expected = read.value.expect_status;
  const expect_status = typeof expected === 'number' ? [expected] : expected;
  // A changing request is never sent a second time by a redirect; a reading one goes on unless a redirect is expected.
  const redirect = mutating || expect_status?.some((code) => code >= 300 && code < 400) ? 'manual' : 'follow';
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    ok: true,
    value: {
      method,
      url: url.href,
      headers,
      body: text,
      redirect,
      expect_status,
      expect_body,
      expect_json,
      label,
      mutating,
    },
  };
}

function areHeaders(headers: Record<string, string>): boolean {
  try {
    return new Headers(headers) instanceof Headers;
  } catch {
    return false;
  }
}

/** JSON's content type, and Basic authorization for a user and password in the address (fetch refuses those there). */
function withImpliedHeaders(given: Record<string, string>, url: URL, body: Json | undefined): Record<string, string> {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  if (body !== undefined && typeof body !== 'string') headers['content-type'] ??= 'application/json';
  if (url.username !== '' || url.password !== '') {
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] ??= `Basic ${Buffer.from(login).toString('base64')}`;
  }
  return headers;
}
