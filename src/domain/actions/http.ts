import * as z from 'zod';
import type { JsonObject } from '../json.ts';
import { hasExpression } from '../plan/expression.ts';
import { choice, line, object, say, templated, text } from '../schema/fields.ts';
import { quote } from '../schema/words.ts';
import { workerAction, type SideEffect } from './definition.ts';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** RFC 9110, 9.2.1: these methods ask for nothing to be changed. */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

const url = z.string().refine(isHttpUrl, {
  error: ({ input }) =>
    say({
      message: `got ${quote(input)}`,
      rule: 'an address starts with http:// or https:// and names a host',
      fix: 'write for example http://127.0.0.1:8080/health',
    }),
});
const status = z.int().min(100).max(599);

const schema = object({
  method: choice('method', METHODS).default('GET').describe('The request method'),
  url: templated(url).describe('The address, http or https'),
  headers: z.record(text, line).exactOptional().describe('Request headers'),
  body: z.json().exactOptional().describe('Sent as JSON, or as it is when it is text'),
  expect_status: z
    .union([status, z.array(status).min(1)], { error: statusWords })
    .exactOptional()
    .describe('The status, or a list of statuses, that counts as done; without it any 2xx'),
  expect_body: line.exactOptional().describe('Text that the answer must contain'),
  expect_json: z
    .record(text, z.json())
    .exactOptional()
    .describe('Paths in the JSON answer and the values that they must have'),
});

/** One HTTP request. */
export const http = workerAction(schema, sideEffectOf);

/** Safe to repeat only where the protocol says so; for anything else the author has to say it. */
function sideEffectOf({ method }: JsonObject): SideEffect {
  return typeof method === 'string' && !hasExpression(method) && SAFE_METHODS.includes(method) ? 'none' : 'once';
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\/[^/]/.test(value) && URL.canParse(value);
}

function statusWords({ input }: { input?: unknown }): string {
  return say({
    message: `got ${quote(input)}`,
    rule: 'a status is a number from 100 to 599',
    fix: 'write 200 or [200, 204]',
  });
}
