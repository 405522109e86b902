import { createHmac, randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';

/** Keeps connections open as Slack does. */
const agent = new Agent({ connections: 20, pipelining: 1 });

/** Sends one signed slash command as Slack sends it; ms until its answer was read. */
export async function sendCommand(url: string, signingSecret: string, text: string): Promise<number> {
  const body = new URLSearchParams({
    team_id: 'T0SANDBOX',
    user_id: 'U01ANA',
    channel_id: 'C01GENERAL',
    command: '/dr',
    trigger_id: randomBytes(12).toString('hex'),
    response_url: 'http://127.0.0.1:9/none',
    api_app_id: 'A0SANDBOX',
    text,
  }).toString();
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${stamp}:${body}`).digest('hex');
  const started = performance.now();
  const answer = await request(url, {
    method: 'POST',
    body,
    dispatcher: agent,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': `v0=${signature}`,
    },
  });
  const said = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`answer ${answer.statusCode}: ${said}`);
  if (said.includes(':no_entry:') || said.includes(':boom:')) throw new Error(`refused: ${said}`);
  return performance.now() - started;
}

/** Sends at a fixed rate for a while, however long answers take; the ms of each. */
export async function atRate(perSecond: number, seconds: number, send: () => Promise<number>): Promise<number[]> {
  const pending: Promise<number>[] = [];
  const started = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const wait = started + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    pending.push(send());
  }
  return Promise.all(pending);
}
