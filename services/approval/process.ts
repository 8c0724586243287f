import type { Aggregate } from '#kernel/aggregate.ts';
import { approvals, type Approval, type ApprovalEvent, type Input, type Refusal, type Subject } from './approval.ts';

/** Answers of approval to an order. */
export type Message = { subject: Subject; again?: true } & Answer;

type Answer = { type: 'Approved' } | { type: 'Rejected'; text: string } | { type: 'ApprovalWithdrawn' };

export const approval: Aggregate<Approval, Input, ApprovalEvent, Refusal, Message> = {
  ...approvals,
  name: 'approval',
  consequences: (events, { state }) => ({
    messages: events.flatMap((event) => {
      const answer = answerAfter(event, state);
      return answer && state.status !== 'none'
        ? [{ subject: state.subject, ...(event.type === 'AnswerRepeated' && { again: true }), ...answer }]
        : [];
    }),
  }),
};

function answerAfter(event: ApprovalEvent, state: Approval): Answer | undefined {
  switch (event.type) {
    case 'Approved':
    case 'Rejected':
    case 'AnswerRepeated':
      return answerOf(state);
    case 'ApprovalWithdrawn': // whatever was decided before: the order needs to know that there will be no further decision
      return { type: 'ApprovalWithdrawn' };
    case 'ApprovalRequested':
      return undefined;
  }
}

function answerOf(state: Approval): Answer | undefined {
  switch (state.status) {
    case 'none':
    case 'pending':
      return undefined;
    case 'approved':
      return { type: 'Approved' };
    case 'rejected':
      return { type: 'Rejected', text: state.text };
    case 'withdrawn':
      return { type: 'ApprovalWithdrawn' };
  }
}
