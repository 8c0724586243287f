import type { Updated } from '#kernel/aggregate.ts';
import type { Instant } from '#kernel/time.ts';
import { decide, type Approval, type Refusal } from './approval.ts';
import type { Approvals } from './ports.ts';

/** An administrator agrees (T5). */
export const approve = (
  approvals: Approvals,
  id: string,
  by: string,
  at: Instant,
): Promise<Updated<Approval, Refusal>> => approvals.update(id, (state) => decide(state, { type: 'Approve', by, at }));

/** An administrator says no, and why (T5). */
export const reject = (
  approvals: Approvals,
  id: string,
  by: string,
  text: string,
  at: Instant,
): Promise<Updated<Approval, Refusal>> =>
  approvals.update(id, (state) => decide(state, { type: 'Reject', by, at, text }));
