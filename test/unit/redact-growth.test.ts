import { expect, test } from 'vitest';
import { createRedactor } from '../../src/runtime/redact.ts';

const redactor = createRedactor(['whsec-signing-8f31c0', 'R0ABCDEF123456789012345678901234']);

/** What has made a rule look at the same characters again and again. */
const HOSTILE = [
  ...['a', '-', '"', '\\', '\n', ' ', 'A', '://a:', '://a:@', '-----BEGIN A PRIVATE KEY-----', '-----BEGIN A '],
  ...['-----END A PRIVATE KEY-----\n', 'QUJDREVGR0hJSktMTU5PUA==\n-----END A PRIVATE KEY-----', 'token', 'password='],
  ...['password="', "password='", 'token="\\', 'token=\\"', 'token:  ', '--token ', '--token', ' -pa', ' -pass'],
  ...[
    'eyJaaaaaaaa.',
    'eyJaaaaaaaa-',
    'eyJaaaaaaaa.aaaa.',
    'Bearer ',
    'SG.aaaaaaaaa-',
    'xoxb-',
    'u+',
    '\u001B[31m',
    '\u001B;a',
  ],
  ...['whsec-signing', 'whse', 'R0AB', 'aGVsbG8gd29ybGQgaGVs', 'hooks.slack.com/a/', 'Token token=', 'PWD=', '_pass'],
];

/** Processor time of this process for the fastest of three, in ms: neighbours on the machine slow every one of them. */
function cost(text: string): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const before = process.cpuUsage();
      redactor.text(text);
      return process.cpuUsage(before).user / 1000;
    }),
  );
}

test.each(HOSTILE)('eight times as much of %j costs about eight times as much', (unit) => {
  const text = (size: number): string => unit.repeat(Math.ceil(size / unit.length));
  redactor.text(text(16_384));
  const [small, large] = [cost(text(32_768)), cost(text(262_144))];
  // Quadratic would be 64 times; a floor of 2 ms, because the clock and the collector are coarse.
  expect(large / Math.max(small, 2)).toBeLessThan(24);
});
