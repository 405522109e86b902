import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vote, type Approval, type Ballot, type Vote } from '../../src/domain/approval/approval.ts';
import { approverHolders } from '../../src/domain/approval/approvers.ts';
import { holdsRole, resolveHolders, type Scheduled } from '../../src/domain/estate/holders.ts';
import { LifeboatError } from '../../src/runtime/errors.ts';
import { anApproval, anEstate, later, T0 } from '../support/domain-fixtures.ts';

const [ana, ben, cleo, dan] = ['slack:U01ANA', 'slack:U01BEN', 'slack:U01CLEO', 'slack:U01DAN'];
const yes = (person = '', comment: string | null = null): Vote => ({ person, decision: 'approve', comment });
const no = (person = '', comment: string | null = null): Vote => ({ person, decision: 'deny', comment });

const D1 = 'd1'.repeat(32);

/** Ana asked; Ben and Cleo may decide. */
function ballot(approval: Partial<Approval> = {}, over: Partial<Ballot> = {}): Ballot {
  const estate = anEstate();
  const roles = anApproval(approval).approvers;
  return {
    approval: anApproval(approval),
    votes: [],
    requester: ana,
    now: T0,
    content: { digest: D1, problems: [] },
    seen_digest: D1,
    mayApprove: (actor) => holdsRole(estate, actor, roles, resolveHolders(estate, roles, [], {})),
    ...over,
  };
}

function outcome(at: Ballot, mine: Vote): string {
  try {
    return vote(at, mine);
  } catch (error) {
    if (!(error instanceof LifeboatError)) throw error;
    expect(error.fix).toBeTruthy();
    return error.code;
  }
}

describe('a decision', () => {
  it.each<[string, Ballot, Vote, string]>([
    ['one of one approves', ballot(), yes(ben), 'approved'],
    ['one of two is recorded', ballot({ min_approvals: 2 }), yes(ben), 'recorded'],
    ['two of two approve', ballot({ min_approvals: 2 }, { votes: [yes(cleo)] }), yes(ben), 'approved'],
    ['one denial denies', ballot({ min_approvals: 2 }, { votes: [yes(cleo)] }), no(ben), 'denied'],
    ['nobody without the role approves', ballot(), yes(dan), 'forbidden'],
    ['nobody without the role denies', ballot(), no(dan), 'forbidden'],
    ['nobody decides twice', ballot({ min_approvals: 3 }, { votes: [yes(ben)] }), yes(ben), 'conflict'],
    ['nobody changes their mind', ballot({ min_approvals: 3 }, { votes: [yes(ben)] }), no(ben), 'conflict'],
    ['the requester does not approve', ballot({}, { requester: ben }), yes(ben), 'forbidden'],
    ['the requester may deny', ballot({}, { requester: ben }), no(ben), 'denied'],
    [
      'the requester approves where that is allowed',
      ballot({ exclude_requester: false }, { requester: ben }),
      yes(ben),
      'approved',
    ],
    ['the digest on the button fits', ballot({}, { seen_digest: D1.slice(0, 12) }), yes(ben), 'approved'],
    ['the button is of another plan', ballot({}, { seen_digest: 'd2d2d2d2d2d2' }), yes(ben), 'conflict'],
    ['the button is of another plan, denied', ballot({}, { seen_digest: 'd2d2d2d2d2d2' }), no(ben), 'denied'],
    ['a typed approval of what was not shown', ballot({}, { seen_digest: null }), yes(ben), 'conflict'],
    ['a typed denial of what was not shown', ballot({}, { seen_digest: null }), no(ben), 'denied'],
    [
      'what cannot be shown',
      ballot({}, { content: { digest: D1, problems: ['step a cannot be filled in'] } }),
      yes(ben),
      'conflict',
    ],
    ['the button names no plan', ballot({}, { seen_digest: '' }), yes(ben), 'conflict'],
    ['the button has more than the digest', ballot({}, { seen_digest: `${D1}0` }), yes(ben), 'conflict'],
    ['a moment before the end', ballot({ expires_at: later(1) }), yes(ben), 'approved'],
    ['the end was missed, if only just', ballot({ expires_at: T0 }), yes(ben), 'conflict'],
    ['the end was missed while Lifeboat was down', ballot({ expires_at: later(-60_000) }), yes(ben), 'conflict'],
    ['a reason is missing', ballot({ require_comment: true }), yes(ben), 'invalid'],
    ['a reason is blank', ballot({ require_comment: true }), no(ben, ' \n'), 'invalid'],
    ['a reason is given', ballot({ require_comment: true }), yes(ben, 'tested'), 'approved'],
    [
      'a manual task is done by anybody',
      ballot({ kind: 'manual', approvers: [], exclude_requester: false }),
      yes(dan),
      'approved',
    ],
    [
      'a manual task is done by the requester',
      ballot({ kind: 'manual', approvers: [], exclude_requester: false }),
      yes(ana),
      'approved',
    ],
    [
      'a manual task cannot be done',
      ballot({ kind: 'manual', approvers: [], exclude_requester: false }),
      no(dan),
      'denied',
    ],
    ...(['approved', 'denied', 'expired', 'cancelled'] as const).map((state): [string, Ballot, Vote, string] => [
      `it is ${state} already`,
      ballot({ state }),
      yes(ben),
      'conflict',
    ]),
  ])('%s', (_, at, mine, expected) => {
    expect(outcome(at, mine)).toBe(expected);
  });

  it('does not count people who lost the role since', () => {
    const at = ballot({ min_approvals: 2 }, { votes: [yes(cleo)], mayApprove: (actor) => actor !== cleo });
    expect(vote(at, yes(ben))).toBe('recorded');
    expect(vote({ ...at, votes: [...at.votes, yes(ben)] }, yes(dan))).toBe('approved');
  });

  it('does not count a requester who voted before being one', () => {
    const at = ballot({ min_approvals: 2 }, { votes: [yes(cleo)], requester: cleo });
    expect(vote(at, yes(ben))).toBe('recorded');
  });

  it('approves exactly when enough different people who may have approved', () => {
    const people = ['a', 'b', 'c', 'd', 'e', 'f'];
    fc.assert(
      fc.property(
        fc.subarray(people),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.array(fc.constantFrom(...people), { maxLength: 20 }),
        (able, min_approvals, exclude_requester, presses) => {
          const votes: Vote[] = [];
          const counted = new Set<string>();
          for (const person of presses) {
            const may = able.includes(person) && !(exclude_requester && person === 'a');
            const at = ballot(
              { min_approvals, exclude_requester },
              { votes, requester: 'a', mayApprove: (who) => able.includes(who) },
            );
            const said = outcome(at, yes(person));
            if (!may) expect(said).toBe('forbidden');
            else if (counted.has(person)) expect(said).toBe('conflict');
            else {
              counted.add(person);
              votes.push(yes(person));
              expect(said).toBe(counted.size >= min_approvals ? 'approved' : 'recorded');
              if (said === 'approved') return;
            }
          }
        },
      ),
    );
  });
});

describe('who may decide', () => {
  const scheduled = anEstate();
  const role = 'secondary';
  scheduled.people = { ...scheduled.people, dan: { name: 'Dan', slack: 'U01DAN' } };
  scheduled.roles = { [role]: { people: ['ben', 'cleo'], pagerduty_schedule: 'P1' } };
  const may = (over: Partial<Approval>, answer: Scheduled, assigned: { role: string; person: string }[] = []) => {
    const asked = anApproval({ approvers: [role], min_approvals: 1, exclude_requester: true, ...over });
    const held = resolveHolders(scheduled, [role], assigned, answer);
    const holders = approverHolders(scheduled, asked, ana, held);
    return [ana, ben, cleo, dan].filter((actor) => holdsRole(scheduled, actor, [role], holders));
  };
  const named = (...people: string[]): Scheduled => ({ [role]: { kind: 'named', people } });

  it.each<[string, string[], string[]]>([
    ['whom the schedule names, though the estate lists others', may({}, named('dan')), [dan]],
    ['who took the role in the incident, before the schedule', may({}, named('ben'), [{ role, person: dan }]), [dan]],
    [
      'the people of the list, where the schedule cannot be read',
      may({}, { [role]: { kind: 'unread', reason: 'x' } }),
      [ben, cleo],
    ],
    ['the people of the list, where the schedule names nobody', may({}, named()), [ben, cleo]],
    ['the list as well, where the one on call asked for it', may({}, named('ana')), [ana, ben, cleo]],
    [
      'the list as well, where one person cannot be two approvals',
      may({ min_approvals: 2 }, named('dan')),
      [ben, cleo, dan],
    ],
    ['the list as well, where only a stranger is on call', may({}, named('pagerduty:PZED:Zed')), [ben, cleo]],
  ])('is %s', (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });
});
