import { beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { resolveHolders } from '../../src/domain/estate/holders.ts';
import { planRunbook, withDigest } from '../../src/domain/plan/plan.ts';
import { planRecovery } from '../../src/domain/plan/recovery-plan.ts';
import type { Plan, PlanStep } from '../../src/domain/run/model.ts';
import { requestFile } from '../../templates/approval-content.ts';
import { approvalRequest } from '../../templates/approval-request.ts';
import { planPreview, rolesAsked } from '../../templates/plan-preview.ts';
import { anApproval, apiPlan, aRun, at, liveRun, smallEstate } from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

const preview = (plan: Plan, estate: Estate) =>
  planPreview(plan, estate, resolveHolders(estate, rolesAsked(plan), [], {}));

let estate: Estate;
let plan: Plan;
beforeAll(async () => {
  estate = await smallEstate();
  plan = apiPlan(estate);
});

/** `size` steps, ten of which may run at the same time; every fifth asks for approval. */
function large(size: number): Plan {
  const [pattern] = plan.steps;
  const steps = Array.from({ length: size }, (_each, index): PlanStep => ({
    ...pattern!,
    id: `step-${index}`,
    name: `Step ${index} ${'&'.repeat(100)}`,
    needs: index < 10 ? [] : [`step-${index - 10}`],
    ...(index % 5 === 0
      ? { uses: 'approval', with: { approvers: ['incident-commander'] } }
      : { uses: 'command', with: { run: ['echo', '<!channel>'.repeat(50)] } }),
  }));
  return withDigest({ ...plan, steps });
}

describe('the preview of a plan', () => {
  test('of a service says what it would do, in which order, and who will be asked', () => {
    const message = preview(plan, estate);
    accept(message);
    expect(`\n${readable(message)}\n`).toMatchSnapshot();
  });

  test('of a runbook shows its inputs', () => {
    const message = preview(planRunbook(estate, 'restart-api', { site: 'west' }), estate);
    accept(message);
    expect(readable(message)).toContain('`site=west`');
    expect(readable(message)).not.toContain('found healthy');
  });

  test('of a thousand steps fits into one message and counts what it does not show', () => {
    const message = preview(large(1000), estate);
    accept(message);
    expect(message.blocks?.length).toBeLessThanOrEqual(50);
    expect(readable(message)).toContain('*Stages 7 to 100:* 940 more steps');
    expect(readable(message)).not.toContain('<!channel>');
  });
});

describe('a request for approval', () => {
  const request = (changes: Parameters<typeof anApproval>[1] = {}) =>
    approvalRequest(anApproval(liveRun(estate), changes), estate, at(35), null);

  test('says who asks, what will run, who may decide and until when', () => {
    accept(request());
    expect(`\n${readable(request())}\n`).toMatchSnapshot();
  });

  test('has buttons that carry the approval and the digest of all that was shown', () => {
    const digest = anApproval(liveRun(estate)).content.digest.slice(0, 12);
    expect(readable(request())).toContain(
      `[Approve] approve=7/api/consent/1|${digest}\n[Deny] deny=7/api/consent/1|${digest}`,
    );
  });

  test('once decided says by whom, when and why, and has no buttons', () => {
    const facts = anApproval(liveRun(estate), { state: 'denied' });
    const vote = {
      person: 'slack:U01CLEO',
      decision: 'deny',
      comment: 'Not before the replica is back',
      at: at(36),
    } as const;
    const message = approvalRequest({ ...facts, votes: [vote] }, estate, at(40), null);
    accept(message);
    expect(message.blocks?.some((block) => block.type === 'actions')).toBe(false);
    expect(`\n${readable(message)}\n`).toMatchSnapshot();
  });

  test.each(['approved', 'expired', 'cancelled'] as const)('that is %s has no buttons', (state) => {
    const message = request({ state });
    accept(message);
    expect(message.blocks?.some((block) => block.type === 'actions')).toBe(false);
  });

  test('asks only for steps up to the next approval', () => {
    const wide = large(40);
    const run = { ...liveRun(estate), plan: wide, run: aRun(wide) };
    const message = approvalRequest(anApproval(run, { step_id: 'step-0' }), estate, at(35), null);
    accept(message);
    expect(readable(message)).toContain('step step-10: ');
    expect(readable(message)).not.toContain('step step-20: ');
  });

  test('that is too long leads to the rest of this very request, and has no working button before it is there', () => {
    const wide = large(1);
    const [first] = wide.steps;
    const acts = Array.from({ length: 40 }, (_each, index): PlanStep => ({
      ...first!,
      id: `act-${index}`,
      needs: ['step-0'],
      uses: 'command',
      with: { run: ['echo', 'x'.repeat(500)] },
    }));
    const plan = withDigest({ ...wide, steps: [first!, ...acts] });
    const asked = anApproval({ ...liveRun(estate), plan, run: aRun(plan) }, { step_id: 'step-0' });
    const file = requestFile(asked);
    const short = asked.content.digest.slice(0, 12);
    expect(file?.name).toBe(`request-${short}.txt`);
    expect(file?.text).toContain(`Request ${asked.content.digest}`);
    for (const line of asked.content.lines) expect(file?.text).toContain(`${line}\n`);
    const shown = readable(approvalRequest(asked, estate, at(35), { name: file!.name }));
    expect(shown).toContain(`and 29 more: \`${file?.name}\` in the thread below`);
    expect(shown).toContain(`[Approve] approve=7/api/consent/1|${short}`);
    expect(readable(approvalRequest(asked, estate, at(35), 'coming'))).toContain('approve=7/api/consent/1|unseen');
    const failed = approvalRequest(asked, estate, at(35), { failed: 'missing_scope: files:write' });
    accept(failed);
    expect(readable(failed)).toContain('It cannot be approved now:* all of it cannot be attached: missing_scope');
    expect(readable(failed)).toContain('|unseen');
  });

  test('of a person shows the whole task and a button for done', () => {
    const manual = planRecovery(
      {
        ...estate,
        services: { ...estate.services, database: { ...estate.services['database']!, recover: undefined! } },
      },
      'api',
      { database: 'unhealthy' },
    );
    const run = { ...liveRun(estate), plan: manual, run: aRun(manual) };
    const message = approvalRequest(
      anApproval(run, { kind: 'manual', step_id: 'database/by-hand' }),
      estate,
      at(35),
      null,
    );
    accept(message);
    expect(readable(message)).toContain('Say when database is healthy.');
    expect(readable(message)).toContain('[Done] approve=');
  });
});
