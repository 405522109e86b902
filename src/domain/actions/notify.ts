import { channel, name, object, say, templated, text } from '../schema/fields.ts';
import { botTimeout, idempotent } from './definition.ts';

const schema = object({
  audience: name.exactOptional().describe('An audience of the estate'),
  channel: channel().exactOptional().describe('A Slack channel, "#name" or id'),
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
);

/** Posts a message. */
export const notify = { by: 'bot', schema, sideEffect: idempotent, timeout: botTimeout, check: false } as const;
