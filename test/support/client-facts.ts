import type { Snapshot } from '@lifeboat/sandbox/page/protocol';
import type { SlackChannel, SlackMessage, SlackUser } from '@lifeboat/stand-ins/slack/state';

/** A small workspace as the sandbox's page gets it. */
export function aSnapshot(): Snapshot {
  return {
    workspace: {
      team: { id: 'T1', name: 'Sandbox' },
      bot: 'U0',
      users: [
        aUser('U0', 'lifeboat', 'Lifeboat', { is_bot: true }),
        aUser('U1', 'ana', 'Ana Ito'),
        aUser('U2', 'ben', 'Ben Okoro'),
      ],
      channels: [
        aChannel('C1', { name: 'general' }),
        aChannel('C2', { name: 'dr-12-orders-fail', topic: 'DR-12 · P0 Critical · database · Orders fail' }),
        aChannel('C3', { name: 'leadership', is_private: true, members: ['U1'] }),
      ],
      messages: [
        aMessage('second', '1700000002.000000'),
        aMessage('first', '1700000001.000000'),
        aMessage('card', '1700000001.100000', { channel: 'C2' }),
      ],
      ephemerals: [{ id: 'E1', channel: 'C1', user: 'U1', text: 'Psst', ts: '1700000001.500000', via: 'ack' }],
      modals: {},
      homes: {},
      files: [],
    },
    ...{ phones: [], mail: [], wire: [], services: [], surroundings: [], tour: [], shortcuts: [] },
    ...{ speed: 1, estate: 'shop' },
    commands: [
      {
        name: 'declare',
        usage: '[P0–P3] title…',
        summary: 'Declares an incident.',
        examples: ['declare P0 Power lost', 'declare P2 Slow'],
      },
      { name: 'deny', usage: '', summary: 'Refuses.', examples: [] },
      { name: 'status', usage: '[incident]', summary: 'Says how it stands.', examples: ['status'] },
    ],
  };
}

export const aUser = (id: string, name: string, real_name: string, more: Partial<SlackUser> = {}): SlackUser => ({
  ...{ id, name, real_name, team_id: 'T1' },
  ...more,
});

export const aChannel = (id: string, more: Partial<SlackChannel> = {}): SlackChannel => ({
  ...{ id, name: id.toLowerCase(), is_im: false, is_private: false, is_archived: false, created: 1, creator: 'U0' },
  ...{ topic: '', purpose: '', members: ['U0', 'U1', 'U2'], pins: [], bookmarks: [] },
  ...more,
});

/** By Ben, in C1. */
export const aMessage = (text: string, ts: string, more: Partial<SlackMessage> = {}): SlackMessage => ({
  ...{ channel: 'C1', ts, text, user: 'U2', posted_at: 0, edits: 0 },
  ...more,
});
