import * as z from 'zod';
import { line, object, say, templated, text } from '../schema/fields.ts';
import { quote } from '../schema/words.ts';
import { once, workerAction } from './definition.ts';

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

/** Runs a program; what a repeat does is not known unless the author says it. */
export const command = workerAction(
  object({
    run: commandLine.describe('Program and arguments, one entry each; no shell'),
    cwd: templated(text).exactOptional().describe('The directory to run in'),
    env: z.record(text, line).exactOptional().describe('Environment variables to add'),
    stdin: line.exactOptional().describe('Text for the standard input'),
    expect_exit: z.int().min(0).max(255).exactOptional().describe('The exit code that counts as done; without it 0'),
  }),
  once,
);
