import * as z from 'zod';
import type { ActionName } from '../domain/estate/model.ts';
import { choice, duration, name, names, object, say, templated, text } from './fields.ts';
import { quote } from './problem.ts';

/*
 * What stands under `with`, for each action. Who is asked, how long and how often is literal, so that a frozen plan
 * shows it; everything else may hold expressions.
 */

const line = templated(z.string());
const url = z.string().refine(isHttpUrl, {
  error: ({ input }) =>
    say({
      message: `got ${quote(input)}`,
      rule: 'an address starts with http:// or https:// and names a host',
      fix: 'write for example http://127.0.0.1:8080/health',
    }),
});
const status = z.int().min(100).max(599);
const commandLine = z
  .array(line, {
    error: ({ input }) =>
      input === undefined
        ? undefined
        : say({
            message: `got ${quote(input)}`,
            rule: 'a command is a list of arguments and never goes through a shell',
            fix: 'write it as [program, argument, "200"]',
          }),
  })
  .min(1);

export const ACTION_SCHEMAS = {
  http: object({
    method: choice('method', ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])
      .default('GET')
      .describe('The request method'),
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
  }),
  tcp: object({
    host: templated(text).describe('Name or address'),
    port: templated(z.int().min(1).max(65_535)).describe('The port that must accept a connection'),
  }),
  command: object({
    run: commandLine.describe('Program and arguments, one entry each; no shell'),
    cwd: templated(text).exactOptional().describe('The directory to run in'),
    env: z.record(text, line).exactOptional().describe('Environment variables to add'),
    stdin: line.exactOptional().describe('Text for the standard input'),
    expect_exit: z.int().min(0).max(255).exactOptional().describe('The exit code that counts as done; without it 0'),
  }),
  noop: object({}),
  approval: object({
    approvers: names.min(1).describe('Roles whose people may agree'),
    min_approvals: z.int().min(1).default(1).describe('How many people must agree'),
    exclude_requester: z.boolean().default(true).describe('Whoever started the run does not count'),
    timeout: duration.exactOptional().describe('How long the question stays open; without it, until it is answered'),
    on_timeout: choice('on_timeout', ['pause', 'fail']).default('pause').describe('What happens to the run then'),
    require_comment: z.boolean().default(false).describe('A decision needs a reason'),
  }),
  manual: object({
    instructions: line.describe('What a person has to do before pressing Done'),
    timeout: duration.exactOptional().describe('How long the task stays open; without it, until it is done'),
  }),
  wait: object({ duration: duration.describe('How long to wait') }),
  notify: object({
    audience: name.exactOptional().describe('An audience of the estate'),
    channel: text.exactOptional().describe('A Slack channel, #name or id'),
    role: name.exactOptional().describe('A role of the estate'),
    message: templated(text).describe('What to say'),
  }).refine(
    ({ audience, channel, role }) => [audience, channel, role].filter((target) => target !== undefined).length === 1,
    {
      error: () =>
        say({
          message: 'the message has not exactly one receiver',
          rule: 'notify has one of audience, channel and role',
          fix: 'keep one of them',
        }),
    },
  ),
} satisfies Record<ActionName, z.ZodType>;

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
