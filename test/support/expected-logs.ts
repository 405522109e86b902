/** What a test file expects the program to complain of; everything else at `warn` or above fails it (nothing-left.ts). */
/** What the program says while a server that it needs is away, refuses or comes back. */
export const OUTAGE =
  /"level":"warn"|"msg":"(outcome not written|request failed|slack request failed|pagerduty webhook not recorded|database died, starting it again|database not started)"/;

const expected: RegExp[] = [];
const printed: (() => string)[] = [];

/** To be called at the top of a test file, with patterns for the lines that its outages bring. */
export function expectLogs(...patterns: RegExp[]): void {
  expected.push(...patterns);
}

/** A program whose output is judged at the end of the file. */
export function judgeLogs(output: () => string): void {
  printed.push(output);
}

/** The complaints that nobody expected, once each, and a clean slate for the next file. */
export function unexpectedLogs(): string[] {
  const complaints = printed.flatMap((output) => output().split('\n').filter(isComplaint));
  const unexpected = complaints.filter((line) => !expected.some((pattern) => pattern.test(line)));
  expected.length = 0;
  printed.length = 0;
  const shown = new Map(unexpected.map((line) => [messageIn(line), line]));
  return [...shown.values()];
}

/** The worlds of the tests have one routing key for everybody, which a start says. */
const STANDING = /"msg":"roles share a routing key"/;

const isComplaint = (line: string): boolean => /^\{"level":"(warn|error|fatal)"/.test(line) && !STANDING.test(line);

const messageIn = (line: string): string => /"msg":"([^"]*)"/.exec(line)?.[1] ?? line;
