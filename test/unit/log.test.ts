import { expect, test } from 'vitest';
import { createLog } from '../../src/runtime/log.ts';

function logInto(secrets: string[] = [], level = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, secrets, destination: { write: (line: string) => void lines.push(line) } });
  return { log, lines };
}

test('a line is JSON with level, time, constant message and fields', () => {
  const { log, lines } = logInto();
  log.info({ incident: 'INC-1' }, 'incident declared');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('\n')).toBe(true);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    msg: 'incident declared',
    incident: 'INC-1',
    time: expect.stringMatching(/^\d{4}-/),
  });
});

test('the level is kept', () => {
  const { log, lines } = logInto([], 'warn');
  log.info('quiet');
  log.warn('loud');
  expect(lines).toHaveLength(1);
});

test('no planted secret leaves in any of the ways to log', () => {
  const { log, lines } = logInto(['NAMED-PLANTED']);
  const error = Object.assign(
    new Error('connect postgres://u:PLANTED@db failed', { cause: new Error('password=PLANTED') }),
    {
      request: { headers: { Authorization: 'PLANTED' } },
    },
  );
  log.error({ err: error }, 'send failed');
  log.error(error);
  log.info({ a: { b: { c: { d: { botToken: 'PLANTED' } } } }, token: 'PLANTED' }, 'deep');
  log.info('with xoxb-1-PLANTED and %s', 'xapp-1-PLANTED');
  log.info('%o', { deep: { password: 'PLANTED' } });
  log.child({ apiKey: 'PLANTED', url: 'redis://:PLANTED@r' }).child({ secret: 'PLANTED' }).warn('from a child');
  log.info({ output: 'value is NAMED-PLANTED' }, 'NAMED-PLANTED');
  log.info({ env: [{ name: 'X', value: 'Bearer PLANTED' }] }, 'env');
  expect(lines).toHaveLength(8);
  for (const line of lines) {
    expect(line).not.toContain('PLANTED');
    expect(JSON.parse(line)).toHaveProperty('level');
  }
});
