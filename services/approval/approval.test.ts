import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { approvals, type Approval, type ApprovalEvent, type Input } from './approval.ts';
import { approval } from './process.ts';

const subject = { order: { kind: 'tutoring.lesson', id: 'maths' }, revision: 2 };
const request = { requesterId: 'seller', summary: 'Maths' };
const asked: Input = { type: 'RequestApproval', subject, request };
const withdraw: Input = { type: 'WithdrawApproval', subject };
const approve: Input = { type: 'Approve', by: 'kim', at: 7 };
const reject: Input = { type: 'Reject', by: 'kim', at: 7, text: 'too vague' };
const requested: ApprovalEvent = { type: 'ApprovalRequested', subject, request };
const approved: ApprovalEvent = { type: 'Approved', verdict: { by: 'kim', at: 7 } };
const rejected: ApprovalEvent = { type: 'Rejected', verdict: { by: 'kim', at: 7 }, text: 'too vague' };
const withdrawn: ApprovalEvent = { type: 'ApprovalWithdrawn', subject };
const repeated: ApprovalEvent = { type: 'AnswerRepeated' };
const { given } = spec(approvals);

describe('an administrator', () => {
  test('approves, or rejects with a reason (T5)', () => {
    given(requested).when(approve).then(approved);
    given(requested).when(reject).then(rejected);
  });
  test('may say the same again', () => {
    given(requested, approved).when(approve).thenNothing();
    given(requested, rejected).when(reject).thenNothing();
  });
  test('cannot say something else: the first decision stands', () => {
    given(requested, approved).when(reject).thenRefused('already-decided');
    given(requested, rejected).when(approve).thenRefused('already-decided');
  });
  test('who comes after another one hears that it was decided, even where both agree', () => {
    given(requested, approved)
      .when({ ...approve, by: 'lee' })
      .thenRefused('already-decided');
    given(requested, rejected)
      .when({ ...reject, by: 'lee' })
      .thenRefused('already-decided');
  });
  test('decides nothing that he or she asked for, whatever its state', () => {
    for (const past of [[requested], [requested, approved], [requested, withdrawn]])
      for (const input of [approve, reject])
        given(...past)
          .when({ ...input, by: 'seller' })
          .thenRefused('own-request');
  });
  test('need not decide what was withdrawn', () =>
    given(requested, withdrawn).when(approve).thenRefused('already-decided'));
  test('finds nothing where nothing was asked for', () => {
    given().when(approve).thenRefused('no-such-approval');
    given(withdrawn).when(approve).thenRefused('no-such-approval');
  });
});

describe('every state meets every command, and answers what it must', () => {
  const histories: Record<Approval['status'] | 'tombstone', ApprovalEvent[]> = {
    none: [],
    pending: [requested],
    approved: [requested, approved],
    rejected: [requested, rejected],
    withdrawn: [requested, withdrawn],
    tombstone: [withdrawn],
  };
  test.each<[keyof typeof histories, Input, ApprovalEvent | undefined, string[]]>([
    ['none', asked, requested, []],
    ['pending', asked, undefined, []],
    ['approved', asked, repeated, ['Approved']],
    ['rejected', asked, repeated, ['Rejected']],
    ['withdrawn', asked, repeated, ['ApprovalWithdrawn']],
    ['tombstone', asked, repeated, ['ApprovalWithdrawn']],
    ['none', withdraw, withdrawn, ['ApprovalWithdrawn']],
    ['pending', withdraw, withdrawn, ['ApprovalWithdrawn']],
    ['approved', withdraw, withdrawn, ['ApprovalWithdrawn']],
    ['rejected', withdraw, withdrawn, ['ApprovalWithdrawn']],
    ['withdrawn', withdraw, withdrawn, ['ApprovalWithdrawn']],
    ['tombstone', withdraw, withdrawn, ['ApprovalWithdrawn']],
    ['pending', approve, approved, ['Approved']],
    ['pending', reject, rejected, ['Rejected']],
  ])('%s + $type', (history, input, event, answers) => {
    const state = histories[history].reduce(approvals.evolve, approvals.initial);
    const decision = approvals.decide(state, input);
    if (!decision.accepted) throw new Error(decision.refusal);
    expect(decision.events).toEqual(event ? [event] : []);
    const after = decision.events.reduce(approvals.evolve, state);
    const { messages = [] } = approval.consequences(decision.events, {
      id: 'a',
      state: after,
      version: 1,
      createdAt: 0,
      updatedAt: 0,
    });
    expect(messages.map(({ type }) => type)).toEqual(answers);
    for (const message of messages) expect(message.subject).toEqual(subject);
  });

  test('a decision stays on record when the request is withdrawn after it', () => {
    expect([requested, approved, withdrawn].reduce(approvals.evolve, approvals.initial).status).toBe('approved');
    expect([requested, rejected, withdrawn].reduce(approvals.evolve, approvals.initial).status).toBe('rejected');
  });
});
