import type { StoredAggregate } from '#kernel/aggregate.ts';
import { minutes as inMinutes } from '#kernel/time.ts';
import { nextToProto } from '#adapters/bus/next.ts';
import { orderReason } from '#adapters/bus/order-reason.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { Order_Phase, type Order } from '#proto/jari/order/v1/order.ts';
import type { Lesson } from '../lesson.ts';
import { nextOfLesson, nextOfPurchase } from '../next.ts';
import type { PaymentTimeouts } from '../process.ts';
import type { Purchase } from '../purchase.ts';

export const lessonKind = 'tutoring.lesson';
export const purchaseKind = 'tutoring.purchase';

/** A lesson in the published language: its sale request is an order, too, whose customer and provider are the seller. */
export function orderOfLesson(kept: StoredAggregate<Lesson>): Order | undefined {
  const { id, state, version, createdAt, updatedAt } = kept;
  if (state.status === 'none') return undefined;
  const { sellerId, offer, revision } = state;
  return {
    ref: { kind: lessonKind, id },
    customerId: sellerId,
    providerId: sellerId,
    title: offer.title,
    status: statusWord(state.status),
    phase: lessonPhases[state.status],
    version: BigInt(version),
    total: toProto(offer.price),
    attributes: { revision: String(revision) },
    ...orderReason(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
    ...nextToProto(nextOfLesson(kept)),
  };
}

/** A purchase in the published language. */
export function orderOfPurchase(kept: StoredAggregate<Purchase>, timeouts: PaymentTimeouts): Order | undefined {
  const { id, state, version, createdAt, updatedAt } = kept;
  if (state.status === 'none') return undefined;
  const { buyerId, sellerId, title, price, lessonId, startTime, minutes } = state.terms;
  return {
    ref: { kind: purchaseKind, id },
    customerId: buyerId,
    providerId: sellerId,
    title,
    status: statusWord(state.status),
    phase: purchasePhases[state.status],
    version: BigInt(version),
    total: toProto(price),
    attributes: {
      ...{
        lesson_id: lessonId,
        start_time: new Date(startTime).toISOString(),
        end_time: new Date(startTime + inMinutes(minutes)).toISOString(),
      },
      ...('cancelRefused' in state && state.cancelRefused && { cancel_refused: state.cancelRefused }),
    },
    ...orderReason(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
    ...nextToProto(nextOfPurchase(kept, timeouts)),
  };
}

const lessonPhases: Record<Exclude<Lesson['status'], 'none'>, Order['phase']> = {
  'sale-requested': Order_Phase.RECEIVED,
  'on-sale': Order_Phase.ACTIVE,
  'sale-rejected': Order_Phase.REJECTED,
  withdrawn: Order_Phase.DONE,
};

const purchasePhases: Record<Exclude<Purchase['status'], 'none'>, Order['phase']> = {
  requested: Order_Phase.RECEIVED,
  'payment-pending': Order_Phase.WAITING,
  paid: Order_Phase.ACTIVE,
  ready: Order_Phase.ACTIVE,
  completed: Order_Phase.DONE,
  'payment-failed': Order_Phase.FAILED,
  cancelling: Order_Phase.CANCELLING,
  cancelled: Order_Phase.CANCELLED,
};
