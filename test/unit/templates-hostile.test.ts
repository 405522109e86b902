import { beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { IncidentFacts } from '../../src/domain/incident/facts.ts';
import type { ChatMessage } from '../../src/ports/chat.ts';
import { requestFile } from '../../templates/approval-content.ts';
import { approvalRequest } from '../../templates/approval-request.ts';
import { loadTemplates, type Templates } from '../../templates/engine.ts';
import { incidentCard } from '../../templates/incident-card.ts';
import { statusText } from '../../templates/status.ts';
import { anApproval, at, facts, factsFor, PARAMS, smallEstate, type TemplateName } from '../support/facts.ts';
import { accept } from '../support/messages.ts';

/* What people, programs and alerts write must never call anybody, make mark-up, or break Slack's limits. */

const HOSTILE = {
  'a call to everyone': '<!channel> <!here> <!everyone> @channel @here @everyone @Here',
  'a mention': '<@U1> <@U1|ana> <!subteam^S1> <#C1|general>',
  'a false link': '<https://evil.example.com|https://status.example.com>',
  'entities written out': '&lt;!channel&gt; &amp;lt;',
  backticks: '` ``` `code *bold* _it_ ~gone~',
  'a block of its own': 'x\n---\n# Resolved\n| *State:* closed\n~ small\n{{ incident.title }} {% if true %}',
  'ten thousand characters': 'x'.repeat(10_000),
  'ten thousand that grow when escaped': '&<>'.repeat(3_334),
  'ten thousand lines': 'a\n'.repeat(5_000),
  'ten thousand emoji': '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(600),
  'marks without end': `a${'\u0301'.repeat(10_000)}`,
  'control characters': 'a\u0000b\u0007c\u2028d\u202Ee\u001B[31m',
} as const;

const ALLOWED = /^<(@U01(ANA|BEN|CLEO|DAN)|#C0INC12|!date\^\d+\^[^|<>]+\|[\d :UTC-]+)>$/;

/** Texts that Slack reads as mrkdwn. */
function marked(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(marked);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  return type === 'mrkdwn' && typeof text === 'string' ? [text] : Object.values(value).flatMap(marked);
}

function harmless(message: ChatMessage): void {
  accept(message);
  for (const text of [message.text, ...marked(message.blocks)]) {
    for (const [mark] of text.matchAll(/<[^>]*>?/g)) expect(mark).toMatch(ALLOWED);
    expect(text).not.toMatch(/@(channel|here|everyone)/i);
  }
}

/** The same facts with `text` wherever somebody may write. */
function poison(all: IncidentFacts, text: string): IncidentFacts {
  const { incident } = all;
  return {
    ...all,
    incident: {
      ...incident,
      title: text,
      declared_by: `terminal:${text}`,
      last_update: text,
      ...(incident.resolution !== null && { resolution: text, resolved_by: `terminal:${text}` }),
    },
    roles: [...all.roles, { role: text, person: `terminal:${text}`, at: at(1) }],
    runs: all.runs.map((each) => ({
      ...each,
      run: { ...each.run, name: text, reason: text, requested_by: `terminal:${text}` },
      plan: {
        ...each.plan,
        name: text,
        title: text,
        steps: each.plan.steps.map((step) => ({
          ...step,
          name: text,
          with: { ...step.with, run: [text], message: text },
        })),
      },
      live: each.live.map((row) => ({ ...row, error: text })),
      finished: each.finished.map((row) => ({ ...row, error: text })),
    })),
    pages: all.pages.map((page) => ({ ...page, role: text, people: [text] })),
  };
}

let estate: Estate;
let templates: Templates;
beforeAll(async () => {
  [estate, templates] = await Promise.all([smallEstate(), loadTemplates()]);
});

describe.each(Object.entries(HOSTILE))('%s', (_, text) => {
  test.each(Object.keys(PARAMS) as TemplateName[])('does nothing in %s', (name) => {
    const poisoned = Object.fromEntries(
      Object.entries(PARAMS[name]).map(([key, value]) => [
        key,
        ['reason', 'text', 'say', 'message', 'fix', 'service'].includes(key)
          ? text
          : key === 'actor'
            ? `terminal:${text}`
            : value,
      ]),
    );
    harmless(templates.render(name, poison(factsFor(name, estate), text), poisoned));
  });

  test('does nothing on the card, in the status and in a request for consent', () => {
    const all = poison(facts(estate), text);
    harmless(incidentCard(all));
    harmless(statusText(all, [{ kind: text, key: text, state: 'pending', attempts: 1, error: text, due_at: at(0) }]));
    const asked = anApproval(all.runs[0]!);
    const votes = [{ person: `terminal:${text}`, decision: 'deny', comment: text, at: at(33) } as const];
    harmless(approvalRequest({ ...asked, votes }, estate, at(35), requestFile(asked) && 'coming'));
    harmless(
      approvalRequest(
        { ...asked, votes, approval: { ...asked.approval, state: 'denied' } },
        estate,
        at(35),
        requestFile(asked) && { name: 'all.txt' },
      ),
    );
  });
});

test('what somebody typed into a command line is shown to those who approve it, whatever it looks like', () => {
  const all = facts(estate);
  const [run] = all.runs;
  const steps = run!.plan.steps.map((step) => ({
    ...step,
    with: { ...step.with, run: ['psql', '--password', 'hunter22'] },
  }));
  const message = approvalRequest(anApproval({ ...run!, plan: { ...run!.plan, steps } }), estate, at(35), null);
  expect(JSON.stringify(message)).toContain('hunter22');
});
