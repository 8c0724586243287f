import type { StoredAggregate } from '#kernel/aggregate.ts';
import { command, orderEvent, type Codec, type Outgoing } from '#adapters/bus/messages.ts';
import { cancelPayment, requestPayment } from '#adapters/bus/payment-commands.ts';
import { toProto } from '#adapters/rpc/money.ts';
import * as approval from '#proto/jari/approval/v1/messages.ts';
import * as lecture from '#proto/jari/lecture/v1/messages.ts';
import type { Order, OrderRef } from '#proto/jari/order/v1/order.ts';
import * as payout from '#proto/jari/payout/v1/messages.ts';
import * as events from '#proto/jari/tutoring/v1/messages.ts';
import type { Lesson, Offer } from '../lesson.ts';
import type {
  LessonMessage,
  PaymentTimeouts,
  PublishedLessonEvent,
  PurchaseMessage,
  PublishedPurchaseEvent,
} from '../process.ts';
import type { Purchase } from '../purchase.ts';
import { lessonKind, orderOfLesson, orderOfPurchase, purchaseKind } from './orders.ts';

type Codecs<Told extends string> = Record<Told, Codec<{ order: Order | undefined }>>;

const lessonCodecs: Codecs<PublishedLessonEvent> = {
  LessonSaleRequested: events.LessonSaleRequested,
  LessonOnSale: events.LessonOnSale,
  LessonSaleRejected: events.LessonSaleRejected,
  LessonWithdrawn: events.LessonWithdrawn,
};

const purchaseCodecs: Codecs<PublishedPurchaseEvent> = {
  PurchaseRequested: events.PurchaseRequested,
  PurchasePaymentDeferred: events.PurchasePaymentDeferred,
  PurchaseCardDeclined: events.PurchaseCardDeclined,
  PurchasePaid: events.PurchasePaid,
  PurchasePaymentFailed: events.PurchasePaymentFailed,
  PurchaseReady: events.PurchaseReady,
  PurchaseCompleted: events.PurchaseCompleted,
  PurchaseCancelling: events.PurchaseCancelling,
  PurchaseCancelRefused: events.PurchaseCancelRefused,
  PurchaseCancelled: events.PurchaseCancelled,
};

export function encodeLesson(message: LessonMessage, after: StoredAggregate<Lesson>): Outgoing {
  const { id } = after;
  const order: OrderRef = { kind: lessonKind, id };
  switch (message.type) {
    case 'RequestApproval': {
      const { revision, sellerId: requesterId, offer } = message;
      return command('jari.approval.v1.RequestApproval', approval.RequestApproval, id, {
        order,
        revision,
        requesterId,
        summary: summaryOf(offer),
      });
    }
    case 'WithdrawApproval':
      return command('jari.approval.v1.WithdrawApproval', approval.WithdrawApproval, id, {
        order,
        revision: message.revision,
      });
    case 'RegisterLesson': {
      const { revision, sellerId, offer } = message;
      const { title, minutes } = offer;
      return command('jari.lecture.v1.RegisterLesson', lecture.RegisterLesson, id, {
        order,
        revision,
        sellerId,
        title,
        minutes,
      });
    }
    default:
      return orderEvent(`jari.tutoring.v1.${message.type}`, lessonCodecs[message.type], id, {
        order: orderOfLesson(after),
      });
  }
}

/** What is reviewed, as an administrator reads it. */
const summaryOf = ({ title, description, price, minutes }: Offer): string =>
  `${title}\n${price.amount.toLocaleString('en')} ${price.currency} · ${minutes} min\n\n${description}`;

export const encodePurchaseWith =
  (timeouts: PaymentTimeouts) =>
  (message: PurchaseMessage, after: StoredAggregate<Purchase>): Outgoing => {
    const { id } = after;
    const order: OrderRef = { kind: purchaseKind, id };
    switch (message.type) {
      case 'RequestPayment':
        return requestPayment(order, message);
      case 'CancelPayment':
        return cancelPayment(order, message);
      case 'RequestPayout': {
        const { payeeId, gross, expectedAt } = message;
        return command('jari.payout.v1.RequestPayout', payout.RequestPayout, id, {
          order,
          payeeId,
          gross: toProto(gross),
          expectedTime: new Date(expectedAt),
        });
      }
      case 'ReleasePayout':
        return command('jari.payout.v1.ReleasePayout', payout.ReleasePayout, id, { order });
      case 'ReversePayout':
        return command('jari.payout.v1.ReversePayout', payout.ReversePayout, id, {
          order,
          unlessSent: message.unlessSent,
        });
      case 'ScheduleLecture': {
        const { lessonId, title, buyerId, sellerId, startTime, minutes } = message.terms;
        const body = { order, lessonId, title, buyerId, sellerId, startTime: new Date(startTime), minutes };
        return command('jari.lecture.v1.ScheduleLecture', lecture.ScheduleLecture, id, body);
      }
      case 'CancelLecture':
        return command('jari.lecture.v1.CancelLecture', lecture.CancelLecture, id, { order });
      default:
        return orderEvent(`jari.tutoring.v1.${message.type}`, purchaseCodecs[message.type], id, {
          order: orderOfPurchase(after, timeouts),
        });
    }
  };
