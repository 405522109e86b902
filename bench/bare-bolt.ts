import { App, HTTPReceiver, LogLevel } from '@slack/bolt';

/** The peer of the command benchmark, in a process of its own: Bolt with the same receiver and an empty handler. */
const receiver = new HTTPReceiver({
  signingSecret: process.env['SLACK_SIGNING_SECRET'] ?? '',
  endpoints: '/slack/events',
  logLevel: LogLevel.ERROR,
});
const app = new App({
  receiver,
  authorize: () => Promise.resolve({ botToken: 'xoxb-bare', botId: 'B0', botUserId: 'U0', teamId: 'T0SANDBOX' }),
  logLevel: LogLevel.ERROR,
});
app.command(/.*/, async ({ ack }) => {
  await ack({ response_type: 'ephemeral', text: 'Noted.' });
});
await receiver.start({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.stdout.write('ready\n');
