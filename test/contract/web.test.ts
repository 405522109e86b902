import { request } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWeb, type Web } from '../../src/web/server.ts';

let web: Web;
let taken: string[];
beforeEach(async () => {
  taken = [];
  web = await startWeb({
    ...{ port: 0, host: '127.0.0.1', log: pino({ level: 'silent' }), slack: undefined },
    status: () => Promise.reject(new Error('not asked here')),
    pagerduty: (body) => Promise.resolve((taken.push(body), 202)),
  });
});
afterEach(() => web.stop());

/** Posts chunks of 64 KB without saying how many will come; answers the status and how many were taken from us. */
function flood(chunks: number): Promise<{ status: number; sent: number }> {
  return new Promise((resolve) => {
    let sent = 0;
    const call = request({ port: web.port, host: '127.0.0.1', path: '/webhooks/pagerduty', method: 'POST' });
    call.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, sent });
      call.destroy();
    });
    call.on('error', () => resolve({ status: 0, sent }));
    const more = (): void => {
      if (sent >= chunks) return void call.end();
      sent += 1;
      call.write('x'.repeat(65_536), () => setImmediate(more));
    };
    more();
  });
}

test('a webhook that never ends is refused while it still sends', async () => {
  const { status, sent } = await flood(2000);
  expect(status).toBe(413);
  expect(sent).toBeLessThan(1000);
  expect(taken).toEqual([]);
});

test('a webhook of the largest size is taken whole', async () => {
  const body = 'x'.repeat(262_144);
  const answer = await fetch(`http://127.0.0.1:${web.port}/webhooks/pagerduty`, { method: 'POST', body });
  expect(answer.status).toBe(202);
  expect(taken).toEqual([body]);
});
