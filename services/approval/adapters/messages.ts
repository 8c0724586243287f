import { createHash } from 'node:crypto';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { inputFor, onCommand, subscriptionsOf } from '#adapters/service/service.ts';
import * as proto from '#proto/jari/approval/v1/messages.ts';
import type { Approval, Subject } from '../approval.ts';
import type { Message } from '../process.ts';
import type { storedApproval } from './store.ts';

/** Encodings of approval's events. */
export function encode(message: Message, { version: count }: StoredAggregate<Approval>): Outgoing {
  const { order, revision } = message.subject;
  const about = { order, version: BigInt(count), revision, ...(message.again && { again: true }) };
  switch (message.type) {
    case 'Approved':
      return event('jari.approval.v1.Approved', proto.Approved, order.id, about);
    case 'Rejected':
      return event('jari.approval.v1.Rejected', proto.Rejected, order.id, {
        ...about,
        reason: rejected,
        reasonText: message.text,
      });
    case 'ApprovalWithdrawn':
      return event('jari.approval.v1.ApprovalWithdrawn', proto.ApprovalWithdrawn, order.id, about);
  }
}

/** There is one reason to reject; the text says more. */
export const rejected = 'REJECTED_BY_ADMIN';

/** Commands to approval. */
export const subscriptions = (approvals: typeof storedApproval) =>
  subscriptionsOf(
    onCommand(
      'jari.approval.v1.RequestApproval',
      proto.RequestApproval,
      ({ order, revision, requesterId, summary }) => [
        inputFor(approvals, approvalId({ order, revision }), {
          type: 'RequestApproval',
          subject: { order, revision },
          request: { requesterId, summary },
        }),
      ],
    ),
    onCommand('jari.approval.v1.WithdrawApproval', proto.WithdrawApproval, ({ order, revision }) => [
      inputFor(approvals, approvalId({ order, revision }), { type: 'WithdrawApproval', subject: { order, revision } }),
    ]),
  );

/** The id of a request: always the same for a revision of an order; a UUIDv7 of the order's instant. */
function approvalId({ order, revision }: Subject): string {
  const hash = createHash('sha256').update(`${order.kind}/${order.id}/${revision}`).digest('hex');
  return `${order.id.slice(0, 15)}${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
