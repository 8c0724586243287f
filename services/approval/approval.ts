import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';

/** One version of an order; each is decided by itself. */
export interface Subject {
  order: OrderRef;
  revision: number;
}

/** What the administrator decides about. */
export interface Request {
  requesterId: string;
  summary: string;
}

export interface Verdict {
  /** User id of the administrator. */
  by: string;
  at: Instant;
}

/** A request to decide (승인 요청); one per order and revision, so a repeated command finds it. */
export type Approval =
  | { status: 'none' }
  | { status: 'pending'; subject: Subject; request: Request }
  | { status: 'approved'; subject: Subject; request: Request; verdict: Verdict }
  | { status: 'rejected'; subject: Subject; request: Request; verdict: Verdict; text: string }
  /** Without a request it is a tombstone: the withdrawal arrived first, and no decision is needed. */
  | { status: 'withdrawn'; subject: Subject; request: Request | null };

export type Input =
  // asked by the order's owner
  | { type: 'RequestApproval'; subject: Subject; request: Request }
  | { type: 'WithdrawApproval'; subject: Subject }
  // asked by an administrator
  | { type: 'Approve'; by: string; at: Instant }
  | { type: 'Reject'; by: string; at: Instant; text: string };

export type ApprovalEvent =
  | { type: 'ApprovalRequested'; subject: Subject; request: Request }
  | { type: 'Approved'; verdict: Verdict }
  | { type: 'Rejected'; verdict: Verdict; text: string }
  | { type: 'ApprovalWithdrawn'; subject: Subject }
  /** A repeated command after the answer: the same answer is sent again. */
  | { type: 'AnswerRepeated' };

export type Refusal = 'no-such-approval' | 'own-request' | 'already-decided';

export function decide(state: Approval, input: Input): Decision<ApprovalEvent, Refusal> {
  switch (input.type) {
    case 'RequestApproval':
      if (state.status === 'none')
        return accept({ type: 'ApprovalRequested', subject: input.subject, request: input.request });
      return state.status === 'pending' ? accept() : accept({ type: 'AnswerRepeated' }); // not decided yet
    case 'WithdrawApproval':
      return accept({ type: 'ApprovalWithdrawn', subject: input.subject });
    case 'Approve':
    case 'Reject':
      return decided(state, input);
  }
}

/** The first decision stands. The same administrator may repeat it. */
function decided(state: Approval, input: Extract<Input, { by: string }>): Decision<ApprovalEvent, Refusal> {
  if (state.status !== 'none' && state.request?.requesterId === input.by) return refuse('own-request'); // another administrator decides
  const verdict = { by: input.by, at: input.at };
  switch (state.status) {
    case 'none':
      return refuse('no-such-approval');
    case 'pending':
      return accept(
        input.type === 'Approve' ? { type: 'Approved', verdict } : { type: 'Rejected', verdict, text: input.text },
      );
    case 'approved':
      return state.verdict.by === input.by && input.type === 'Approve' ? accept() : refuse('already-decided');
    case 'rejected':
      return state.verdict.by === input.by && input.type === 'Reject' ? accept() : refuse('already-decided');
    case 'withdrawn':
      return refuse(state.request ? 'already-decided' : 'no-such-approval');
  }
}

export function evolve(state: Approval, event: ApprovalEvent): Approval {
  switch (event.type) {
    case 'ApprovalRequested':
      return { status: 'pending', subject: event.subject, request: event.request };
    case 'Approved':
      return state.status === 'pending' ? { ...state, status: 'approved', verdict: event.verdict } : state;
    case 'Rejected':
      return state.status === 'pending'
        ? { ...state, status: 'rejected', verdict: event.verdict, text: event.text }
        : state;
    case 'ApprovalWithdrawn': // a decision that was made stays on record
      if (state.status === 'none') return { status: 'withdrawn', subject: event.subject, request: null };
      return state.status === 'pending' ? { ...state, status: 'withdrawn' } : state;
    case 'AnswerRepeated':
      return state;
  }
}

export const approvals: Decider<Approval, Input, ApprovalEvent, Refusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
