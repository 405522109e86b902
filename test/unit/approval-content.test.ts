import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalContent, stepsRead } from '../../src/domain/approval/content.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { indexPlan } from '../../src/domain/plan/plan-index.ts';
import { quoteVisibly } from '../../src/domain/plan/visible.ts';
import type { PlanStep } from '../../src/domain/run/model.ts';
import { aPlan, aStep, noop } from '../support/domain-fixtures.ts';

const ask = aStep('ask', { uses: 'approval', with: { approvers: ['database'] } });
const command = (input: JsonObject, over: Partial<PlanStep> = {}) =>
  aStep('act', { uses: 'command', with: input, needs: ['ask'], ...over });

function contentOf(steps: PlanStep[], context: JsonObject = { steps: {} }, last: PlanStep[] = []) {
  const plan = aPlan([ask, ...steps], last);
  const approval = { id: '1/ask/1', plan_digest: plan.digest, step_id: 'ask', kind: 'approval' } as const;
  return approvalContent(approval, indexPlan(plan), context);
}
const text = (...given: Parameters<typeof contentOf>): string => contentOf(...given).lines.join('\n');

describe('a request for approval shows', () => {
  it('whole arguments, environment, input, folder, headers and body', () => {
    const long = 'x'.repeat(20_000);
    const shown = text([
      command({ run: ['psql', '-c', long], env: { PGHOST: 'db' }, stdin: 'drop;\nend', cwd: '/srv' }),
      aStep('send', {
        uses: 'http',
        with: { url: 'http://h/', headers: { 'X-Key': 'v' }, body: { a: [1, true, null, 'b'] } },
        needs: ['ask'],
        probe: { ...noop, uses: 'tcp', with: { host: 'h', port: 1 } },
        rollback: { ...noop, uses: 'command', with: { run: ['undo'] } },
      }),
    ]);
    for (const part of [
      `run = ["psql", "-c", "${long}"]`,
      'env.PGHOST = "db"',
      'stdin =\n    "drop;\\n"\n    "end"',
      'cwd = "/srv"',
      'headers.X-Key = "v"',
      'body.a = [1, true, null, "b"]',
      'probe: tcp\n    host = "h"\n    port = 1',
      'undone by: command\n    run = ["undo"]',
    ])
      expect(shown).toContain(part);
  });

  it('what finished steps gave, and what others will give as an expression that no text can pose as', () => {
    const run = ['go', '${{ steps.done.output.host }}:1', '${{ steps.later.output.x }}', '${{ secrets.TOKEN }}'];
    expect(text([command({ run })], { steps: { done: { output: { host: '${{ secrets.TOKEN }}' } } } })).toContain(
      'run = ["go", "${{ secrets.TOKEN }}" + ":1", ${{ steps.later.output.x }}, ${{ secrets.TOKEN }}]',
    );
    expect(stepsRead(indexPlan(aPlan([ask, command({ run })])))).toEqual(['done', 'later']);
  });

  it('a problem where a value is missing, since nobody can approve what cannot be shown', () => {
    const given = { steps: { done: { output: {} } } };
    expect(contentOf([command({ run: ['${{ steps.done.output.host }}'] })], given).problems).toEqual([
      expect.stringMatching(/^step act cannot be filled in: steps.done.output.host does not exist/),
    ]);
  });

  it('the clean-up too', () => {
    const last = [aStep('tidy', { uses: 'command', with: { run: ['rm', '-rf', '/tmp/x'] } })];
    expect(text([command({ run: ['a'] })], { steps: {} }, last)).toMatch(
      /at the end, however it ends:\nstep tidy[^]*run = \["rm", "-rf", "\/tmp\/x"\]/,
    );
  });

  it.each([
    ['\u202e', '\\u{202e}'],
    ['\u200b', '\\u{200b}'],
    ['\u00a0', '\\u{a0}'],
    ['\u3164', '\\u{3164}'],
    ['\u2800', '\\u{2800}'],
    ['\ufe0f', '\\u{fe0f}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\u2028', '\\u{2028}'],
    ['\u0085', '\\u{85}'],
    ['\t', '\\t'],
    ['`', '\\u{60}'],
    ['@Here', '\\u{40}Here'],
    ['\\u{202e}', '\\\\u{202e}'],
  ])('%j as %s', (hidden, seen) => {
    expect(quoteVisibly(`a${hidden}b`)).toBe(`"a${seen}b"`);
  });

  it('different texts differently, and nothing that cannot be seen', () => {
    const texts = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\u200b', '\\', 'u', '{', '}', '"', '`', ' '),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(quoteVisibly(one) === quoteVisibly(other)).toBe(one === other);
        expect(quoteVisibly(one)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\u00a0\u2800`]/u);
      }),
    );
  });

  it('another digest for any other plan, value or request', () => {
    const run = ['go', '${{ steps.done.output.host }}'];
    const given = (host: string): JsonObject => ({ steps: { done: { output: { host } } } });
    const digests = [
      contentOf([command({ run })], given('a')),
      contentOf([command({ run })], given('b')),
      contentOf([command({ run })]),
      contentOf([command({ run: [...run, ''] })], given('a')),
      contentOf([command({ run }, { timeout: 2000 })], given('a')),
    ].map((each) => each.digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(contentOf([command({ run })], given('a')).digest).toBe(digests[0]);
  });
});
